extension TearSheet {
  /// The script of the page: switches, and what the charts say where a pointer or a key asks.
  ///
  /// It reads numbers from the blocks beside the charts and never writes markup from text.
  static let script = #"""
    (function () {
      'use strict';
      var root = document.documentElement;

      function speak(language) {
        root.dataset.language = language;
        root.lang = language;
        document.title = language === 'ko' ? root.dataset.titleKo : root.dataset.titleEn;
        document.querySelectorAll('[data-choose]').forEach(function (button) {
          button.setAttribute('aria-pressed', String(button.dataset.choose === language));
        });
      }
      var preferred = (navigator.language || 'en').toLowerCase();
      speak(root.dataset.follows === 'reader' && preferred.indexOf('ko') === 0
        ? 'ko' : root.dataset.language);
      document.querySelectorAll('[data-choose]').forEach(function (button) {
        button.addEventListener('click', function () { speak(button.dataset.choose); });
      });
      var dark = window.matchMedia('(prefers-color-scheme: dark)');
      document.querySelector('[data-theme-switch]').addEventListener('click', function () {
        var isDark = root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches;
        root.dataset.theme = isDark ? 'light' : 'dark';
      });
      document.querySelector('.switches').hidden = false;

      function grouped(value, digits) {
        var text = Math.abs(value).toFixed(digits);
        var parts = text.split('.');
        parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ',');
        return (value < 0 && Number(text) !== 0 ? '\u2212' : '') + parts.join('.');
      }
      function written(value, style) {
        if (value === null) return '--';
        if (style === 'percent') return grouped(value * 100, 2) + '\u00A0%';
        if (style === 'count') return grouped(value, 1);
        if (style === 'money') return grouped(value, value !== 0 && Math.abs(value) < 1000 ? 2 : 0);
        return grouped(value, 2);
      }
      function dated(time, unit) {
        var text = new Date(time).toISOString();
        return unit === 86400000 ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ') + ' UTC';
      }

      var charts = [];
      document.querySelectorAll('figure.chart > script').forEach(function (block) {
        var data = JSON.parse(block.textContent);
        var figure = block.parentNode;
        var time = 0;
        var chart = {
          data: data, plot: figure.querySelector('.plot'), svg: figure.querySelector('.plot > svg'),
          cursor: figure.querySelector('.cursor'), date: figure.querySelector('.legend time'),
          outputs: figure.querySelectorAll('.legend output'), place: -1,
          times: data.steps.map(function (step) { time += step; return time * data.unit; })
        };
        chart.rest = [chart.date.textContent].concat(
          Array.prototype.map.call(chart.outputs, function (output) { return output.textContent; }));
        charts.push(chart);
        attend(chart);
      });

      function nearest(times, time) {
        var low = 0, high = times.length - 1;
        while (low < high) {
          var middle = (low + high) >> 1;
          if (times[middle] < time) low = middle + 1; else high = middle;
        }
        return low > 0 && time - times[low - 1] < times[low] - time ? low - 1 : low;
      }
      function point(chart, place) {
        var data = chart.data, span = data.last - data.first;
        var time = chart.times[place];
        var x = (span > 0 ? (time - data.first) / span * 100 : 50) + '%';
        var parts = chart.cursor.children;
        parts[0].setAttribute('x1', x);
        parts[0].setAttribute('x2', x);
        chart.date.textContent = dated(time, data.unit);
        data.lines.forEach(function (line, index) {
          var value = line[place], dot = parts[index + 1];
          chart.outputs[index].textContent = written(value, data.style);
          dot.setAttribute('visibility', value === null ? 'hidden' : 'inherit');
          if (value === null) return;
          dot.setAttribute('cx', x);
          dot.setAttribute('cy',
            (1 - (value - data.lower) / (data.upper - data.lower)) * data.height);
        });
        chart.cursor.setAttribute('visibility', 'visible');
        chart.place = place;
      }
      function showAll(time) {
        charts.forEach(function (chart) { point(chart, nearest(chart.times, time)); });
      }
      function hideAll() {
        charts.forEach(function (chart) {
          chart.cursor.setAttribute('visibility', 'hidden');
          chart.date.textContent = chart.rest[0];
          chart.outputs.forEach(function (output, index) {
            output.textContent = chart.rest[index + 1];
          });
          chart.place = -1;
        });
      }
      function attend(chart) {
        var plot = chart.plot, last = chart.times.length - 1, waiting = false;
        // With keys that move along it, a chart is a slider over its dates.
        plot.setAttribute('role', 'slider');
        plot.setAttribute('aria-valuemin', '0');
        plot.setAttribute('aria-valuemax', String(last));
        tell();
        function tell() {
          var texts = [chart.date.textContent];
          chart.outputs.forEach(function (output) {
            texts.push(output.parentNode.innerText.replace(/\s+/g, ' '));
          });
          plot.setAttribute('aria-valuenow', String(chart.place < 0 ? last : chart.place));
          plot.setAttribute('aria-valuetext', texts.join(', '));
        }
        plot.addEventListener('pointermove', function (event) {
          if (waiting) return;
          waiting = true;
          var x = event.clientX;
          window.requestAnimationFrame(function () {
            waiting = false;
            var box = chart.svg.getBoundingClientRect();
            var fraction = Math.min(1, Math.max(0, (x - box.left) / box.width));
            showAll(chart.data.first + fraction * (chart.data.last - chart.data.first));
          });
        });
        plot.addEventListener('pointerleave', function () {
          window.requestAnimationFrame(hideAll);
        });
        plot.addEventListener('keydown', function (event) {
          var place = chart.place < 0 ? last : chart.place;
          var leap = Math.max(1, Math.round(last / 20));
          var moves = {
            ArrowLeft: place - 1, ArrowDown: place - 1, ArrowRight: place + 1, ArrowUp: place + 1,
            PageDown: place - leap, PageUp: place + leap, Home: 0, End: last
          };
          if (event.key === 'Escape') { hideAll(); tell(); return; }
          if (!(event.key in moves)) return;
          event.preventDefault();
          var next = Math.min(last, Math.max(0, moves[event.key]));
          showAll(chart.times[next]);
          point(chart, next);
          tell();
        });
        plot.addEventListener('blur', function () { hideAll(); tell(); });
      }
    })();
    """#
}
