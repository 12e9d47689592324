import Essentials
import Markets

@testable import Execution

/// A message as a venue sends it.
struct FeedSample {
  let kind: BookProtocol
  let text: String

  init(_ kind: BookProtocol, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

/// One message of every stream that is read, and some of those that are not.
enum FeedSamples {
  static let bybitBook = FeedSample(
    .bybit,
    #"{"topic":"orderbook.50.BTCUSDT","type":"snapshot","ts":1773386409389,"data":{"s":"BTCUSDT","b":[["71423.80","0.557"],["71423.10","0.102"]],"a":[["71423.90","4.669"],["71424.00","0.001"],["71424.70","1.002"]],"u":10132540,"seq":546137962055},"cts":1773386409385}"#
  )
  static let bybitChange = FeedSample(
    .bybit,
    #"{"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1773386409407,"data":{"s":"BTCUSDT","b":[["71419.80","0"],["71418.20","0.159"]],"a":[],"u":10132541,"seq":546137962186},"cts":1773386409404}"#
  )
  static let bybitTrades = FeedSample(
    .bybit,
    #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1774021164273,"data":[{"T":1774021164272,"s":"BTCUSDT","S":"Sell","v":"0.032","p":"69916.80","L":"ZeroMinusTick","i":"ddea3520-0444-515c-af09-07471b39e1e5","BT":false,"RPI":false,"seq":549792210006},{"T":1774021164272,"s":"BTCUSDT","S":"Buy","v":"0.002","p":"69916.10","L":"MinusTick","i":"2290000000050703789","BT":false,"RPI":false,"seq":549792210006},{"T":1774021164272,"s":"BTCUSDT","S":"Buy","v":"9","p":"69916.10","L":"MinusTick","i":"58766b19-9dba-5ad3-8931-f71eff90e8d8","BT":true,"RPI":false,"seq":549792210006}]}"#
  )
  static let bybitTicker = FeedSample(
    .bybit,
    #"{"topic":"tickers.BTCUSDT","type":"snapshot","data":{"symbol":"BTCUSDT","tickDirection":"ZeroMinusTick","lastPrice":"28550.70","markPrice":"28552.81","indexPrice":"28562.25","openInterest":"52774.528","nextFundingTime":"1680681600000","fundingRate":"0.0001","bid1Price":"28550.70"},"cs":50193544280,"ts":1680673821770}"#
  )
  static let bybitTickerChange = FeedSample(
    .bybit,
    #"{"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","markPrice":"28552.90","fundingRate":"-0.00012345"},"cs":50193544290,"ts":1680673821870}"#
  )
  static let bybitBar = FeedSample(
    .bybit,
    #"{"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081","turnover":"34666.4005","confirm":false,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"}"#
  )
  static let bybitAccepted = FeedSample(
    .bybit,
    #"{"success":true,"ret_msg":"","conn_id":"d6ki1eae0cl5msgggj7g-1uoz2","req_id":"","op":"subscribe"}"#
  )
  static let bybitPong = FeedSample(
    .bybit, #"{"success":true,"ret_msg":"pong","conn_id":"a","req_id":"x","op":"ping"}"#)

  static let futuresChange = FeedSample(
    .binanceFutures,
    #"{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["58710.20","0.014"],["61496.50","0.000"]],"a":[["61800.30","100"]]}}"#
  )
  static let futuresSnapshot = FeedSample(
    .binanceFutures,
    #"{"lastUpdateId":1027024,"E":1589436922972,"T":1589436922959,"bids":[["4.00","431"]],"asks":[["4.20","12"]]}"#
  )
  static let futuresTrade = FeedSample(
    .binanceFutures,
    #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256321,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}}"#
  )
  static let futuresFund = FeedSample(
    .binanceFutures,
    #"{"e":"trade","E":1596034530241,"T":1596034530235,"s":"BTCUSDT","t":73701056,"p":"2366.55","q":"0.070","X":"INSURANCE_FUND","m":true}"#
  )
  static let futuresJoined = FeedSample(
    .binanceFutures,
    #"{"e":"aggTrade","E":1568693103463,"a":5933014,"s":"BTCUSDT","p":"10223.74","q":"0.236","f":181349,"l":181349,"T":1568693103460,"m":true}"#
  )
  static let futuresQuote = FeedSample(
    .binanceFutures,
    #"{"u":400900217,"e":"bookTicker","s":"BTCUSDT","ps":"BTCUSDT","b":"25.30000000","B":"31.21000000","a":"25.40","A":"40.66","T":1568014460891,"E":1568014460893}"#
  )
  static let futuresMark = FeedSample(
    .binanceFutures,
    #"{"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000","i":"11784.62659091","P":"11784.25641265","r":"0.00038167","T":1562306400000,"st":1}"#
  )
  static let futuresBar = FeedSample(
    .binanceFutures,
    #"{"e":"kline","E":1638747660000,"s":"BTCUSDT","k":{"t":1638747660000,"T":1638747719999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0010","v":"1000","n":100,"x":true,"q":"1.5000","V":"500","Q":"0.500","B":"123456"}}"#
  )
  static let futuresAnswer = FeedSample(.binanceFutures, #"{"result":null,"id":1}"#)

  static let spotChange = FeedSample(
    .binanceSpot,
    #"{"e":"depthUpdate","E":1554076801699,"s":"BTCUSDT","U":16084252,"u":16084253,"b":[["4084.80000000","0.00000000"]],"a":[["4111.80000000","1.54600000"]]}"#
  )
  static let spotQuote = FeedSample(
    .binanceSpot,
    #"{"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.60000000","B":"3.78800000","a":"61837.70000000","A":"1.54600000"}}"#
  )
  static let spotSnapshot = FeedSample(
    .binanceSpot,
    #"{"stream":"btcusdt@depthSnapshot","data":{"lastUpdateId":16084251,"bids":[["4091.90000000","0.00900000"],["4089.00000000","0.76300000"]],"asks":[["4095.90000000","2.31600000"]]}}"#
  )

  static let all = [
    bybitBook, bybitChange, bybitTrades, bybitTicker, bybitTickerChange, bybitBar, bybitAccepted,
    bybitPong, futuresChange, futuresSnapshot, futuresTrade, futuresFund, futuresJoined,
    futuresQuote, futuresMark, futuresBar, futuresAnswer, spotChange, spotQuote, spotSnapshot,
  ]

  /// A reader of BTCUSDT, in ticks of 0.1 and lots of 0.001, and of another symbol behind it.
  static func reader(_ kind: BookProtocol) -> FeedReader {
    let market = { (symbol: String) in
      FeedMarket(
        symbol: symbol, tick: TickSize(nanos: 100_000_000)!, lot: LotSize(nanos: 1_000_000)!)
    }
    return FeedReader(kind, markets: [market("BTCUSDT"), market("ETHUSDT")])
  }

  /// When all messages are said to have arrived.
  static let arrived = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)
}

extension FeedReader {
  /// Takes in a text, of the first market where it names none.
  mutating func read(_ text: String) -> FeedNews {
    read(Array(text.utf8).span, arrived: FeedSamples.arrived, of: ContractID(place: 0))
  }
}
