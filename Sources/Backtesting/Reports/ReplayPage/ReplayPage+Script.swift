extension ReplayPage {
  /// What the page adds to the script of the tear sheet: candles that are enlarged and read out, and
  /// the table of trades.
  ///
  /// It reads numbers from the blocks beside charts and table and never writes markup from text.
  static let script = #"""

    (function () {
      'use strict';
      var shapes = document.querySelector('svg').namespaceURI;
      var block = document.getElementById('trade-data');
      var book = block ? JSON.parse(block.textContent)
        : { currency: '', symbols: [], decimals: [], reasons: [], trades: [] };
      var trades = book.trades.map(function (row, place) {
        return {
          place: place, market: row[0], side: row[1], opened: row[2], closed: row[2] + row[3],
          held: row[3], end: row[4], entry: row[5], exit: row[6], leverage: row[7], worth: row[8],
          net: row[9], entryReason: row[10], exitReason: row[11], profit: row[12], target: row[13],
          stop: row[14], hold: row[15],
          share: row[9] === null || !(row[8] > 0) ? null : row[9] / row[8]
        };
      });

      // MARK: Writing

      function decimal(value, digits) {
        if (value === null || value === undefined || !isFinite(value)) return '--';
        var text = Math.abs(value).toFixed(digits);
        var parts = text.split('.');
        parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ',');
        return (value < 0 && Number(text) !== 0 ? '\u2212' : '') + parts.join('.');
      }
      function money(value) {
        if (value === null) return '--';
        return decimal(value, value !== 0 && Math.abs(value) < 1000 ? 2 : 0);
      }
      function percent(value, digits) { return value === null ? '--' : decimal(value * 100, digits); }
      function multiple(value) {
        return value === null ? '--' : decimal(value, value % 1 === 0 ? 0 : 1) + '\u00D7';
      }
      function instant(time) { return new Date(time).toISOString().slice(0, 16).replace('T', ' '); }
      function same(text) { return [text, text]; }
      function span(length) {
        if (length === null) return same('--');
        var seconds = Math.floor(Math.abs(length) / 1000), sign = length < 0 ? '\u2212' : '';
        function pair(first, en, ko, second, smaller, small) {
          return [sign + first + '\u00A0' + en + (second > 0 ? '\u00A0' + second + '\u00A0' + smaller : ''),
            sign + first + ko + (second > 0 ? '\u00A0' + second + small : '')];
        }
        if (seconds >= 86400) {
          return pair(Math.floor(seconds / 86400), 'd', '일',
            Math.floor(seconds % 86400 / 3600), 'h', '시간');
        }
        if (seconds >= 3600) {
          return pair(Math.floor(seconds / 3600), 'h', '시간',
            Math.floor(seconds % 3600 / 60), 'min', '분');
        }
        if (seconds >= 60) return pair(Math.floor(seconds / 60), 'min', '분', 0);
        return pair(seconds, 's', '초', 0);
      }
      function node(name, look, text) {
        var made = document.createElement(name);
        if (look) made.className = look;
        if (text !== undefined) made.textContent = text;
        return made;
      }
      function both(parent, texts) {
        if (texts[0] === texts[1]) {
          parent.appendChild(document.createTextNode(texts[0]));
          return parent;
        }
        ['en', 'ko'].forEach(function (language, index) {
          var part = node('span', '', texts[index]);
          part.lang = language;
          parent.appendChild(part);
        });
        return parent;
      }
      function shape(parent, name, attributes) {
        var made = document.createElementNS(shapes, name);
        Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
        parent.appendChild(made);
        return made;
      }
      function clear(parent) { while (parent.firstChild) parent.removeChild(parent.firstChild); }
      function tone(value) { return value > 0 ? ' up' : value < 0 ? ' down' : ''; }
      function saying(reason) {
        var found = reason === null ? null : book.reasons[reason];
        if (!found) return null;
        return { key: found[0], words: found[1] ? [found[1], found[2]] : null };
      }

      // MARK: Candles

      var readout = document.getElementById('readout');
      var candleLine = document.getElementById('readout-candle');
      var tradeLine = document.getElementById('readout-trade');
      var charts = [];
      document.querySelectorAll('#charts > figure').forEach(function (figure, place) {
        var source = figure.querySelector('script');
        charts.push(source ? makeChart(figure, JSON.parse(source.textContent), place)
          : { figure: figure, place: place, isEmpty: true });
      });

      function makeChart(figure, data, place) {
        var chart = {
          figure: figure, place: place, data: data, from: data.first, to: data.last, at: -1,
          lower: data.lower, upper: data.upper, trade: null, plot: figure.querySelector('.plot'), canvas: figure.querySelector('.canvas'),
          trades: trades.filter(function (trade) {
            return trade.market === place && trade.entry !== null && trade.exit !== null;
          }),
          times: [], open: [], high: [], low: [], close: []
        };
        var power = Math.pow(10, data.decimals), index = 0, before = 0;
        for (var run = 0; run < data.runs.length; run += 2) {
          for (var step = 0; step < data.runs[run + 1]; step += 1) {
            var open = before + data.steps[index], close = open + data.steps[index + 1];
            chart.times.push((data.runs[run] + step) * data.length);
            chart.open.push(open / power);
            chart.close.push(close / power);
            chart.high.push((Math.max(open, close) + data.steps[index + 2]) / power);
            chart.low.push((Math.min(open, close) - data.steps[index + 3]) / power);
            before = close;
            index += 4;
          }
        }
        ['frame', 'stretch', 'marks', 'cursor'].forEach(function (part) {
          chart[part] = figure.querySelector('.' + part);
        });
        chart.whole = ['frame', 'stretch', 'marks'].map(function (part) {
          return Array.prototype.map.call(chart[part].childNodes, function (child) {
            return child.cloneNode(true);
          });
        });
        chart.plot.setAttribute('role', 'slider');
        chart.plot.setAttribute('aria-valuemin', '0');
        chart.plot.setAttribute('aria-valuemax', String(chart.times.length - 1));
        chart.plot.setAttribute('aria-valuenow', String(chart.times.length - 1));
        chart.plot.setAttribute('aria-valuetext', instant(chart.times[chart.times.length - 1]));
        attend(chart);
        return chart;
      }

      function isWhole(chart) { return chart.from <= chart.data.first && chart.to >= chart.data.last; }
      function x(chart, time) { return (time - chart.from) / (chart.to - chart.from); }
      function y(chart, price) {
        return (1 - (price - chart.lower) / (chart.upper - chart.lower)) * chart.data.height;
      }
      function firstFrom(times, time) {
        var low = 0, high = times.length;
        while (low < high) {
          var middle = (low + high) >> 1;
          if (times[middle] < time) low = middle + 1; else high = middle;
        }
        return low;
      }
      function roundStep(size) {
        var power = Math.pow(10, Math.floor(Math.log10(size)));
        var factor = [1, 2, 2.5, 5, 10].find(function (one) { return one * power >= size * (1 - 1e-9); });
        return factor * power;
      }
      function show(chart, from, to) {
        var data = chart.data, least = 10 * data.length;
        var reach = Math.max(least, Math.min(to - from, data.last - data.first));
        var middle = (from + to) / 2;
        from = Math.max(data.first, Math.min(middle - reach / 2, data.last - reach));
        chart.from = from;
        chart.to = from + reach;
        chart.at = -1;
        chart.cursor.setAttribute('visibility', 'hidden');
        draw(chart);
      }
      function range(chart) {
        var first = firstFrom(chart.times, chart.from - chart.data.length + 1);
        return [first, Math.max(first, firstFrom(chart.times, chart.to))];
      }
      function fitPrices(chart, first, past, seen) {
        var low = Infinity, high = -Infinity;
        for (var place = first; place < past; place += 1) {
          low = Math.min(low, chart.low[place]);
          high = Math.max(high, chart.high[place]);
        }
        seen.forEach(function (trade) {
          low = Math.min(low, trade.entry, trade.exit);
          high = Math.max(high, trade.entry, trade.exit);
        });
        if (!(high > low)) {
          if (!isFinite(low)) { low = chart.low[0]; high = chart.high[0]; }
          low -= Math.abs(low) / 100;
          high += Math.abs(high) / 100;
        }
        var step = roundStep((high - low) / 6);
        chart.lower = Math.floor(low / step + 1e-9) * step;
        chart.upper = Math.ceil(high / step - 1e-9) * step;
        return step;
      }
      function visibleTrades(chart) {
        return chart.trades.filter(function (trade) {
          return trade.closed >= chart.from && trade.opened <= chart.to;
        });
      }
      function draw(chart) {
        var parts = range(chart), first = parts[0], past = parts[1], seen = visibleTrades(chart);
        var step = fitPrices(chart, first, past, seen);
        if (isWhole(chart)) {
          // The page was written with the whole.
          chart.lower = chart.data.lower;
          chart.upper = chart.data.upper;
          ['frame', 'stretch', 'marks'].forEach(function (part, index) {
            clear(chart[part]);
            chart.whole[index].forEach(function (child) {
              chart[part].appendChild(child.cloneNode(true));
            });
          });
        } else {
          drawFrame(chart, step);
          clear(chart.stretch);
          drawCandles(chart, first, past);
          drawTrades(chart, seen);
        }
        drawChosen(chart);
      }
      function drawFrame(chart, step) {
        clear(chart.frame);
        var digits = 0;
        while (digits < chart.data.decimals
          && Math.abs(step * Math.pow(10, digits) - Math.round(step * Math.pow(10, digits)))
            > 1e-6 * step * Math.pow(10, digits)) digits += 1;
        var count = Math.round((chart.upper - chart.lower) / step);
        for (var mark = 0; mark <= count; mark += 1) {
          var price = chart.lower + mark * step, height = y(chart, price);
          shape(chart.frame, 'line', { x1: 0, x2: '100%', y1: height, y2: height, 'class': 'grid' });
          shape(chart.frame, 'text', { x: '100%', y: height, dx: 10, dy: 4, 'class': 'tick' })
            .textContent = decimal(price, digits);
        }
        var units = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 7200, 14400, 43200, 129600, 525600];
        var unit = 60000 * units.find(function (minutes) {
          return (chart.to - chart.from) / (minutes * 60000) <= 7;
        });
        if (!(unit > 0)) unit = 60000 * units[units.length - 1];
        for (var time = Math.ceil(chart.from / unit) * unit; time <= chart.to; time += unit) {
          var text = instant(time);
          shape(chart.frame, 'text',
            { x: x(chart, time) * 100 + '%', y: chart.data.height + 18, 'class': 'tick middle' })
            .textContent = time % 86400000 === 0 ? text.slice(5, 10) : text.slice(11);
        }
      }
      function drawCandles(chart, first, past) {
        var width = Math.max(200, chart.canvas.getBoundingClientRect().width);
        var size = Math.max(1, Math.ceil((past - first) / (width / 4)));
        var wicks = '', rising = '', falling = '';
        for (var start = first; start < past; start += size) {
          var stop = Math.min(past, start + size), low = Infinity, high = -Infinity;
          for (var place = start; place < stop; place += 1) {
            low = Math.min(low, chart.low[place]);
            high = Math.max(high, chart.high[place]);
          }
          var left = x(chart, chart.times[start]) * 1000;
          var right = x(chart, chart.times[stop - 1] + chart.data.length) * 1000;
          var open = chart.open[start], close = chart.close[stop - 1], body = (right - left) * 0.7;
          var top = y(chart, Math.max(open, close)), bottom = y(chart, Math.min(open, close));
          wicks += 'M' + ((left + right) / 2).toFixed(2) + ' ' + y(chart, high).toFixed(1)
            + 'V' + y(chart, low).toFixed(1);
          var path = 'M' + ((left + right - body) / 2).toFixed(2) + ' ' + top.toFixed(1)
            + 'h' + body.toFixed(2) + 'v' + Math.max(0.8, bottom - top).toFixed(1)
            + 'h-' + body.toFixed(2) + 'z';
          if (close < open) falling += path; else rising += path;
        }
        shape(chart.stretch, 'path', { 'class': 'wick', d: wicks });
        shape(chart.stretch, 'path', { 'class': 'rising', d: rising });
        shape(chart.stretch, 'path', { 'class': 'falling', d: falling });
      }
      function colored(trade) { return trade.end === 2 ? 'open' : trade.net < 0 ? 'loss' : 'gain'; }
      function drawTrades(chart, seen) {
        clear(chart.marks);
        var areWays = seen.length <= 150, paths = { gain: '', loss: '', open: '' };
        seen.forEach(function (trade) {
          paths[colored(trade)] += 'M' + (x(chart, trade.opened) * 1000).toFixed(2) + ' '
            + y(chart, trade.entry).toFixed(1) + (areWays
              ? 'L' + (x(chart, trade.closed) * 1000).toFixed(2) + ' ' + y(chart, trade.exit).toFixed(1)
              : 'h0.01');
        });
        Object.keys(paths).forEach(function (look) {
          if (paths[look]) {
            shape(chart.stretch, 'path', { 'class': (areWays ? 'way ' : 'dots ') + look, d: paths[look] });
          }
        });
        if (areWays) seen.forEach(function (trade) { drawMarks(chart, trade); });
      }
      function drawMarks(chart, trade) {
        function mark(name, time, price) {
          if (time < chart.from || time > chart.to) return;
          shape(chart.marks, 'use', {
            href: '#mark-' + name, x: x(chart, time) * 100 + '%', y: y(chart, price),
            'class': colored(trade)
          });
        }
        mark(trade.side > 0 ? 'long' : 'short', trade.opened, trade.entry);
        if (trade.end !== 2) mark(trade.end === 1 ? 'liquidation' : 'exit', trade.closed, trade.exit);
      }
      function drawChosen(chart) {
        var trade = chart.trade;
        chart.marks.querySelectorAll('.chosen').forEach(function (old) { old.remove(); });
        if (!trade) return;
        [[trade.opened, trade.entry], [trade.closed, trade.exit]].forEach(function (end) {
          if (end[0] < chart.from || end[0] > chart.to) return;
          shape(chart.marks, 'circle',
            { cx: x(chart, end[0]) * 100 + '%', cy: y(chart, end[1]), r: 9, 'class': 'chosen' });
        });
      }

      // MARK: Reading out

      function tellCandle(chart, place) {
        clear(candleLine);
        candleLine.appendChild(node('b', '', instant(chart.times[place])));
        var digits = chart.data.decimals;
        [['open', '시가', chart.open], ['high', '고가', chart.high], ['low', '저가', chart.low],
          ['close', '종가', chart.close]].forEach(function (part) {
          candleLine.appendChild(document.createTextNode(' \u00B7 '));
          both(candleLine, [part[0], part[1]]);
          candleLine.appendChild(document.createTextNode('\u00A0' + decimal(part[2][place], digits)));
        });
      }
      function add(line, texts, isStrong) {
        if (line.firstChild) line.appendChild(document.createTextNode(' \u00B7 '));
        both(isStrong ? line.appendChild(node('b')) : line, texts);
      }
      function tellTrade(chart, trade) {
        clear(tradeLine);
        chart.trade = trade;
        drawChosen(chart);
        if (!trade) {
          both(tradeLine, chart.trades.length > 0
            ? ['No trade here.', '여기에는 거래가 없습니다.']
            : ['This market had no trade.', '이 종목에는 거래가 없습니다.']);
          return;
        }
        var digits = chart.data.decimals;
        var number = '#' + (trade.place + 1) + ' ', times = multiple(trade.leverage);
        add(tradeLine, trade.side > 0 ? [number + 'long ' + times, number + '롱 ' + times]
          : [number + 'short ' + times, number + '숏 ' + times], true);
        [['in', '진입', trade.opened, trade.entry, trade.entryReason],
          ['out', '청산', trade.closed, trade.exit, trade.exitReason]].forEach(function (end) {
          var reason = saying(end[4]);
          var at = ' ' + instant(end[2]) + ' @ ' + decimal(end[3], digits);
          add(tradeLine, [end[0] + at, end[1] + at]);
          if (reason) {
            var words = reason.words || same(reason.key);
            both(tradeLine, [' (' + words[0] + ')', ' (' + words[1] + ')']);
          }
        });
        var net = money(trade.net) + ' ' + book.currency + ' (' + percent(trade.share, 3) + '\u00A0%)';
        add(tradeLine, same(net), true);
        var held = span(trade.held), hold = span(trade.hold);
        add(tradeLine, ['held ' + held[0] + ', t* ' + hold[0], '보유 ' + held[1] + ', t* ' + hold[1]]);
        add(tradeLine, same('p_pos ' + percent(trade.profit, 1) + ', p_tp ' + percent(trade.target, 1)
          + ', p_sl ' + percent(trade.stop, 1) + '\u00A0%'));
      }
      function pointAt(chart, place) {
        chart.at = place;
        var middle = chart.times[place] + chart.data.length / 2;
        var line = chart.cursor.firstElementChild, at = Math.min(1, Math.max(0, x(chart, middle))) * 100 + '%';
        line.setAttribute('x1', at);
        line.setAttribute('x2', at);
        chart.cursor.setAttribute('visibility', 'visible');
        tellCandle(chart, place);
        chart.plot.setAttribute('aria-valuenow', String(place));
        chart.plot.setAttribute('aria-valuetext', readout.innerText.replace(/\s+/g, ' '));
      }
      function tradeDuring(chart, place) {
        var start = chart.times[place], stop = start + chart.data.length;
        return chart.trades.find(function (trade) {
          return trade.opened >= start && trade.opened < stop
            || trade.closed >= start && trade.closed < stop;
        }) || null;
      }
      function tradeNear(chart, left, top, width) {
        var best = null, least = 14 * 14;
        visibleTrades(chart).forEach(function (trade) {
          [[trade.opened, trade.entry], [trade.closed, trade.exit]].forEach(function (end) {
            var dx = x(chart, end[0]) * width - left, dy = y(chart, end[1]) - top;
            if (dx * dx + dy * dy < least) { least = dx * dx + dy * dy; best = trade; }
          });
        });
        return best;
      }
      function focusTrade(chart, trade) {
        var pad = Math.max(20 * chart.data.length, (trade.closed - trade.opened) * 0.6);
        show(chart, trade.opened - pad, trade.closed + pad);
        var place = Math.max(0, firstFrom(chart.times, trade.opened + 1) - 1);
        tellTrade(chart, trade);
        pointAt(chart, place);
      }
      function stepTrade(chart, step) {
        if (chart.trades.length === 0) return;
        var index = chart.trades.indexOf(chart.trade);
        if (index < 0) {
          var middle = chart.at < 0 ? chart.from : chart.times[chart.at];
          index = chart.trades.findIndex(function (trade) { return trade.opened >= middle; });
          if (index < 0) index = chart.trades.length - 1;
        } else {
          index = Math.min(chart.trades.length - 1, Math.max(0, index + step));
        }
        focusTrade(chart, chart.trades[index]);
      }
      function zoom(chart, factor) {
        var middle = chart.at < 0 ? (chart.from + chart.to) / 2 : chart.times[chart.at];
        var reach = (chart.to - chart.from) * factor, at = chart.at;
        show(chart, middle - reach / 2, middle + reach / 2);
        if (at >= 0) pointAt(chart, at);
      }

      function attend(chart) {
        var plot = chart.plot, waiting = false, begun = null, brush = null;
        function place(event) {
          var box = chart.canvas.getBoundingClientRect();
          return { left: event.clientX - box.left, top: event.clientY - box.top, width: box.width };
        }
        function timeAt(spot) {
          return chart.from + Math.min(1, Math.max(0, spot.left / spot.width)) * (chart.to - chart.from);
        }
        plot.addEventListener('pointerdown', function (event) {
          if (event.button !== 0 || event.pointerType === 'touch') return;
          begun = place(event);
          plot.setPointerCapture(event.pointerId);
        });
        plot.addEventListener('pointermove', function (event) {
          if (waiting) return;
          waiting = true;
          var spot = place(event);
          window.requestAnimationFrame(function () {
            waiting = false;
            if (begun && Math.abs(spot.left - begun.left) > 4) {
              if (!brush) brush = shape(chart.stretch, 'rect', { y: 0, height: chart.data.height, 'class': 'brush' });
              var left = Math.max(0, Math.min(begun.left, spot.left)) / spot.width * 1000;
              brush.setAttribute('x', left);
              brush.setAttribute('width', Math.max(0, Math.min(1000, Math.max(begun.left, spot.left) / spot.width * 1000) - left));
            }
            var at = firstFrom(chart.times, timeAt(spot) - chart.data.length + 1);
            pointAt(chart, Math.min(chart.times.length - 1, at));
            tellTrade(chart, tradeNear(chart, spot.left, spot.top, spot.width));
          });
        });
        plot.addEventListener('pointerup', function (event) {
          var start = begun, spot = place(event);
          begun = null;
          if (brush) { brush.remove(); brush = null; }
          if (!start || Math.abs(spot.left - start.left) <= 4) return;
          var ends = [timeAt(start), timeAt(spot)].sort(function (a, b) { return a - b; });
          show(chart, ends[0], ends[1]);
        });
        plot.addEventListener('pointercancel', function () {
          begun = null;
          if (brush) { brush.remove(); brush = null; }
        });
        plot.addEventListener('pointerleave', function () {
          window.requestAnimationFrame(function () { chart.cursor.setAttribute('visibility', 'hidden'); });
        });
        plot.addEventListener('keydown', function (event) {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          var last = chart.times.length - 1, at = chart.at < 0 ? range(chart)[1] - 1 : chart.at;
          var leap = Math.max(1, Math.round((range(chart)[1] - range(chart)[0]) / 10));
          var moves = {
            ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
            PageDown: at - leap, PageUp: at + leap, Home: 0, End: last
          };
          var acts = {
            '+': function () { zoom(chart, 0.5); }, '=': function () { zoom(chart, 0.5); },
            '-': function () { zoom(chart, 2); },
            '0': function () { show(chart, chart.data.first, chart.data.last); },
            'n': function () { stepTrade(chart, 1); }, 'p': function () { stepTrade(chart, -1); },
            'Escape': function () { chart.cursor.setAttribute('visibility', 'hidden'); tellTrade(chart, null); }
          };
          var act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
          if (act) { event.preventDefault(); act(); return; }
          if (!(event.key in moves)) return;
          event.preventDefault();
          var next = Math.min(last, Math.max(0, moves[event.key]));
          var reach = chart.to - chart.from, time = chart.times[next];
          if (time < chart.from || time > chart.to) show(chart, time - reach / 2, time + reach / 2);
          tellTrade(chart, tradeDuring(chart, next));
          pointAt(chart, next);
        });
      }
      // MARK: Choosing

      var choice = document.getElementById('market-choice');
      function current() { return charts[choice ? Number(choice.value) : 0]; }
      function choose(place) {
        if (choice) choice.value = String(place);
        charts.forEach(function (chart) { chart.figure.hidden = chart.place !== place; });
        var chart = current();
        clear(candleLine);
        clear(tradeLine);
        if (!chart || chart.isEmpty) return;
        tellCandle(chart, chart.times.length - 1);
        tellTrade(chart, null);
        if (chart.trades.length > 0) {
          clear(tradeLine);
          both(tradeLine, [
            'Point at a mark, or step through the ' + chart.trades.length + ' trades.',
            '표시를 가리키거나 거래 ' + chart.trades.length + '건을 차례로 봅니다.']);
        }
      }
      if (charts.length > 0 && choice) {
        document.getElementById('tools').hidden = false;
        document.getElementById('charts').classList.add('single');
        readout.hidden = false;
        choice.addEventListener('change', function () { choose(Number(choice.value)); });
        document.querySelectorAll('[data-zoom]').forEach(function (button) {
          button.addEventListener('click', function () {
            var chart = current();
            if (chart.isEmpty) return;
            if (button.dataset.zoom === 'all') show(chart, chart.data.first, chart.data.last);
            else zoom(chart, button.dataset.zoom === 'in' ? 0.5 : 2);
          });
        });
        document.querySelectorAll('[data-trade]').forEach(function (button) {
          button.addEventListener('click', function () {
            var chart = current();
            if (!chart.isEmpty) stepTrade(chart, button.dataset.trade === 'next' ? 1 : -1);
          });
        });
        function count(chart) { return chart.isEmpty ? 0 : chart.trades.length; }
        choose(charts.reduce(function (most, chart, place) {
          return count(chart) > count(charts[most]) ? place : most;
        }, 0));
      }

      // MARK: The table of trades

      var table = document.getElementById('trade-table');
      if (!table || trades.length === 0) return;
      var perPage = 25, page = 0, wantedMarket = -1, wantedResult = 'all', key = 'place', isDown = false;
      var body = table.querySelector('tbody');
      var keys = ['place', 'market', 'side', 'opened', 'closed', 'held', 'hold', 'leverage', 'worth',
        'profit', 'share', 'net'];
      function listed() {
        var rows = trades.filter(function (trade) {
          return (wantedMarket < 0 || trade.market === wantedMarket)
            && (wantedResult === 'all' || (wantedResult === 'loss' ? trade.net < 0 : trade.net > 0));
        });
        if (key === 'place' && !isDown) return rows;
        return rows.sort(function (a, b) {
          var first = a[key], second = b[key];
          // What is not known stands last, whichever way is sorted.
          if (first === null || second === null) {
            return first === second ? a.place - b.place : first === null ? 1 : -1;
          }
          return (isDown ? second - first : first - second) || a.place - b.place;
        });
      }
      function end(row, trade, time, price, reason) {
        var cell = row.appendChild(node('td', 'word'));
        cell.appendChild(node('span', 'when',
          instant(time).slice(book.inOneYear ? 5 : 0) + ' \u00B7 ' + decimal(price, book.decimals[trade.market])));
        var said = saying(reason);
        if (!said) { cell.appendChild(document.createTextNode('--')); return; }
        if (said.words) both(cell.appendChild(node('span', 'said')), said.words);
        else cell.appendChild(node('code', '', said.key));
      }
      function number(row, text, look) { row.appendChild(node('td', 'number' + (look || ''), text)); }
      function makeRow(trade) {
        var row = node('tr'), first = row.appendChild(node('td', 'number'));
        if (charts[trade.market] && !charts[trade.market].isEmpty) {
          var button = first.appendChild(node('button', '', String(trade.place + 1)));
          button.type = 'button';
          button.addEventListener('click', function () {
            choose(trade.market);
            focusTrade(charts[trade.market], trade);
            charts[trade.market].plot.focus();
            document.getElementById('tools').scrollIntoView();
          });
        } else {
          first.textContent = String(trade.place + 1);
        }
        row.appendChild(node('td', 'word')).appendChild(node('bdi', '', book.symbols[trade.market]));
        both(row.appendChild(node('td', 'word')), trade.side > 0 ? ['Long', '롱'] : ['Short', '숏']);
        end(row, trade, trade.opened, trade.entry, trade.entryReason);
        end(row, trade, trade.closed, trade.exit, trade.exitReason);
        both(row.appendChild(node('td', 'number')), span(trade.held));
        both(row.appendChild(node('td', 'number')), span(trade.hold));
        number(row, multiple(trade.leverage));
        number(row, money(trade.worth));
        number(row, percent(trade.profit, 1));
        number(row, percent(trade.share, 3), tone(trade.net));
        number(row, money(trade.net), tone(trade.net));
        return row;
      }
      function list() {
        var rows = listed(), pages = Math.max(1, Math.ceil(rows.length / perPage));
        page = Math.min(pages - 1, Math.max(0, page));
        clear(body);
        rows.slice(page * perPage, (page + 1) * perPage).forEach(function (trade) {
          body.appendChild(makeRow(trade));
        });
        if (rows.length === 0) {
          var cell = body.appendChild(node('tr')).appendChild(node('td'));
          cell.colSpan = keys.length;
          both(cell, ['No such trade.', '해당하는 거래가 없습니다.']);
        }
        var from = decimal(rows.length === 0 ? 0 : page * perPage + 1, 0);
        var to = decimal(Math.min(rows.length, (page + 1) * perPage), 0), all = decimal(rows.length, 0);
        var place = document.getElementById('trade-page');
        clear(place);
        both(place, [from + ' \u2013 ' + to + ' of ' + all, all + '건 중 ' + from + ' \u2013 ' + to]);
        document.getElementById('trade-pages').hidden = false;
        document.querySelector('[data-page="previous"]').disabled = page === 0;
        document.querySelector('[data-page="next"]').disabled = page === pages - 1;
      }
      document.getElementById('trade-tools').hidden = false;
      var rest = document.getElementById('trade-rest');
      if (rest) rest.hidden = true;
      document.getElementById('trade-market').addEventListener('change', function (event) {
        wantedMarket = Number(event.target.value);
        page = 0;
        list();
      });
      document.querySelectorAll('[data-result]').forEach(function (button) {
        button.addEventListener('click', function () {
          wantedResult = button.dataset.result;
          page = 0;
          document.querySelectorAll('[data-result]').forEach(function (other) {
            other.setAttribute('aria-pressed', String(other === button));
          });
          list();
        });
      });
      document.querySelectorAll('[data-page]').forEach(function (button) {
        button.addEventListener('click', function () {
          page += button.dataset.page === 'next' ? 1 : -1;
          list();
        });
      });
      table.querySelectorAll('thead th').forEach(function (heading, index) {
        var button = node('button');
        button.type = 'button';
        while (heading.firstChild) button.appendChild(heading.firstChild);
        heading.appendChild(button);
        button.addEventListener('click', function () {
          isDown = key === keys[index] ? !isDown : index > 4;
          key = keys[index];
          page = 0;
          table.querySelectorAll('thead th').forEach(function (other) { other.removeAttribute('aria-sort'); });
          heading.setAttribute('aria-sort', isDown ? 'descending' : 'ascending');
          list();
        });
      });
      list();
    })();
    """#
}
