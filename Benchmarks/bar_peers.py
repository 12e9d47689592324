"""A cross of means on recorded minutes in one other program; prints one line of JSON.

usage: bar_peers.py vectorbt|backtesting|nautilus FOLDER SYMBOL...

Every program holds as many whole coins as cost 1,000 at first, long while the mean of 20 closes is above
that of 100, else short, with market orders and the taker's fee of 5 bp. What is measured begins where
the bars are in the program's own containers and ends where it knows its result. The median of three
runs, each over the symbols one after the other, after one of a symbol to compile and to warm up.
"""

import json
import statistics
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

FAST, SLOW, FEE, SLIPPAGE, CASH = 20, 100, 0.0005, 0.0001, 10_000_000


def bars(folder, symbol):
    frame = pd.read_csv(Path(folder) / f"{symbol}_1m.csv.gz")
    frame.index = pd.to_datetime(frame.pop("ts"), unit="ms")
    return frame


def coins(frame):
    return max(1, int(1000 // frame["close"].iloc[0]))


def vectorbt():
    import vectorbt as vbt

    def prepare(symbol, frame):
        return frame

    def run(frame):
        fast = vbt.MA.run(frame["close"], FAST).ma
        slow = vbt.MA.run(frame["close"], SLOW).ma
        # A signal is seen at a close and traded at the next open.
        isLong = (fast > slow).shift(1, fill_value=False)
        isShort = ((fast <= slow) & slow.notna()).shift(1, fill_value=False)
        portfolio = vbt.Portfolio.from_signals(
            frame["close"], isLong, short_entries=isShort, price=frame["open"],
            size=coins(frame), size_type="amount", fees=FEE, slippage=SLIPPAGE, init_cash=CASH,
            freq="1min")
        return portfolio.orders.count(), portfolio.total_profit()

    return prepare, run, "fees and slippage, no funding, no margin, no liquidation"


def backtesting():
    from backtesting import Backtest, Strategy

    def mean(values, length):
        return pd.Series(values).rolling(length).mean()

    class Cross(Strategy):
        size = 1

        def init(self):
            self.fast = self.I(mean, self.data.Close, FAST)
            self.slow = self.I(mean, self.data.Close, SLOW)

        def next(self):
            if self.fast[-1] > self.slow[-1]:
                if not self.position.is_long:
                    self.position.close()
                    self.buy(size=self.size)
            elif not self.position.is_short:
                self.position.close()
                self.sell(size=self.size)

    def prepare(symbol, frame):
        data = frame.rename(columns=str.capitalize)
        return Backtest(data, Cross, cash=CASH, commission=FEE, spread=SLIPPAGE), coins(frame)

    def run(prepared):
        test, size = prepared
        stats = test.run(size=size)
        return len(stats["_trades"]), stats["Equity Final [$]"] - CASH

    return prepare, run, "fees and half the slippage as a spread, no funding, no liquidation"


def nautilus():
    from decimal import Decimal

    from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
    from nautilus_trader.config import LoggingConfig, StrategyConfig
    from nautilus_trader.indicators import SimpleMovingAverage
    from nautilus_trader.model.currencies import USDT
    from nautilus_trader.model.data import BarType
    from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
    from nautilus_trader.model.identifiers import InstrumentId, Symbol, Venue
    from nautilus_trader.model.instruments import CryptoPerpetual
    from nautilus_trader.model.objects import Currency, Money, Price, Quantity
    from nautilus_trader.persistence.wranglers import BarDataWrangler
    from nautilus_trader.trading.strategy import Strategy

    class Config(StrategyConfig, frozen=True):
        instrument_id: InstrumentId
        bar_type: BarType
        coins: int

    class Cross(Strategy):
        def __init__(self, config):
            super().__init__(config)
            self.fast = SimpleMovingAverage(FAST)
            self.slow = SimpleMovingAverage(SLOW)
            self.target = 0
            self.positions = 0

        def on_start(self):
            self.instrument = self.cache.instrument(self.config.instrument_id)
            self.register_indicator_for_bars(self.config.bar_type, self.fast)
            self.register_indicator_for_bars(self.config.bar_type, self.slow)
            self.subscribe_bars(self.config.bar_type)

        def on_bar(self, bar):
            if not self.slow.initialized:
                return
            wanted = self.config.coins * (1 if self.fast.value > self.slow.value else -1)
            change = wanted - self.target
            if change == 0:
                return
            self.target = wanted
            self.positions += 1
            self.submit_order(
                self.order_factory.market(
                    instrument_id=self.config.instrument_id,
                    order_side=OrderSide.BUY if change > 0 else OrderSide.SELL,
                    quantity=self.instrument.make_qty(abs(change))))

    venue = Venue("BINANCE")

    def prepare(symbol, frame):
        places = max(
            len(f"{price:.8f}".rstrip("0").split(".")[1]) for price in frame["close"])
        instrument = CryptoPerpetual(
            instrument_id=InstrumentId(Symbol(f"{symbol}-PERP"), venue),
            raw_symbol=Symbol(symbol), base_currency=Currency.from_str(symbol[:-4]),
            quote_currency=USDT, settlement_currency=USDT, is_inverse=False,
            price_precision=places, size_precision=3,
            price_increment=Price(10 ** -places, places), size_increment=Quantity(0.001, 3),
            margin_init=Decimal("0.05"), margin_maint=Decimal("0.025"),
            maker_fee=Decimal("0.0002"), taker_fee=Decimal(str(FEE)), ts_event=0, ts_init=0)
        kind = BarType.from_str(f"{instrument.id}-1-MINUTE-LAST-EXTERNAL")
        data = BarDataWrangler(kind, instrument).process(frame)
        return instrument, kind, data, coins(frame)

    def run(prepared):
        instrument, kind, data, size = prepared
        engine = BacktestEngine(
            BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
        engine.add_venue(
            venue=venue, oms_type=OmsType.NETTING, account_type=AccountType.MARGIN,
            base_currency=None, starting_balances=[Money(CASH, USDT)])
        engine.add_instrument(instrument)
        engine.add_data(data)
        strategy = Cross(Config(instrument_id=instrument.id, bar_type=kind, coins=size))
        engine.add_strategy(strategy)
        start = time.perf_counter()
        engine.run()
        seconds = time.perf_counter() - start
        result = float(engine.portfolio.account(venue).balance_total(USDT)) - CASH
        positions = strategy.positions
        engine.dispose()
        return positions, result, seconds

    return prepare, run, "fees, no slippage, no funding; fills at the close that gave the signal"


def main(name, folder, symbols):
    warnings.filterwarnings("ignore")
    program = {"vectorbt": vectorbt, "backtesting": backtesting, "nautilus": nautilus}[name]
    prepare, run, without = program()
    frames = [bars(folder, symbol) for symbol in symbols]
    prepared = [prepare(symbol, frame) for symbol, frame in zip(symbols, frames)]
    run(prepared[0])
    times, positions, result = [], 0, 0.0
    for _ in range(3):
        positions, result, inside = 0, 0.0, 0.0
        start = time.perf_counter()
        for each in prepared:
            count, profit, *seconds = run(each)
            positions, result = positions + int(count), result + float(profit)
            inside += sum(seconds)
        times.append(inside or time.perf_counter() - start)
    count = sum(len(frame) for frame in frames)
    package = {"backtesting": "backtesting", "nautilus": "nautilus_trader"}.get(name, name)
    print(json.dumps({
        "name": name, "version": version(package), "symbols": len(symbols), "bars": count,
        "bars_per_second": count / statistics.median(times), "positions": positions, "result": result,
        "without": without}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
