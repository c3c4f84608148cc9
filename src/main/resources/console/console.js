// What a page of the console does beside showing what it was given: times in a zone and relative to
// now, parts that follow the service, charts, keys, and questions before what destroys.
'use strict';

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;

  // What a person chose, for all tabs. A browser may refuse to keep it.
  const kept = {
    get: (name) => { try { return localStorage.getItem('dueline.' + name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem('dueline.' + name, value); } catch { /* not kept */ } },
  };
  let isLocal = kept.get('zone') === 'local';
  let isLive = kept.get('live') !== 'off';

  // ---- Times

  // By how much the service's clock is ahead of the browser's, in ms.
  let ahead = Number(root.dataset.now) - Date.now();
  const two = (n) => String(n).padStart(2, '0');
  const part = (date, name) => date[(isLocal ? 'get' : 'getUTC') + name]();
  const day = (date) => `${part(date, 'FullYear')}-${two(part(date, 'Month') + 1)}-${two(part(date, 'Date'))}`;
  const clock = (date) => `${two(part(date, 'Hours'))}:${two(part(date, 'Minutes'))}:${two(part(date, 'Seconds'))}`;

  function zone(date) {
    if (!isLocal) return 'UTC';
    const minutes = -date.getTimezoneOffset();
    const size = Math.abs(minutes);
    return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  }

  const absolute = (ms) => { const date = new Date(ms); return `${day(date)} ${clock(date)} ${zone(date)}`; };

  function span(ms) {
    const units = [['d', 864e5], ['h', 36e5], ['min', 6e4], ['s', 1e3]];
    const first = units.findIndex(([, size]) => ms >= size);
    const [name, size] = units[first];
    const rest = units[first + 1];
    const lesser = rest && ms < 10 * 864e5 ? Math.floor(ms % size / rest[1]) : 0;
    return `${Math.floor(ms / size)} ${name}${lesser ? ` ${lesser} ${rest[0]}` : ''}`;
  }

  function relative(ms) {
    const left = ms - Date.now() - ahead;
    if (Math.abs(left) < 1000) return 'now';
    return left > 0 ? `in ${span(left)}` : `${span(-left)} ago`;
  }

  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const paintRelative = () => all('.rel[data-ms]').forEach((e) => write(e, relative(Number(e.dataset.ms))));
  const paintTimes = () => all('time[data-ms]').forEach((e) => write(e, absolute(Number(e.dataset.ms))));

  // ---- Parts that follow the service

  // Makes a node equal to another, and keeps what people have in hand: focus, what they typed, what
  // they opened. Children that have a data-key are the same where that is.
  function morph(node, next) {
    if (node.nodeType !== next.nodeType || node.nodeName !== next.nodeName) return void node.replaceWith(next);
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.nodeValue !== next.nodeValue) node.nodeValue = next.nodeValue;
      return;
    }
    const mine = new Set(['open', 'value', 'checked']);
    for (const { name } of [...node.attributes]) if (!mine.has(name) && !next.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of [...next.attributes]) if (!mine.has(name) && node.getAttribute(name) !== value) node.setAttribute(name, value);
    const key = (child) => child.dataset?.key;
    const byKey = new Map([...node.children].filter(key).map((child) => [key(child), child]));
    let at = node.firstChild;
    for (const child of [...next.childNodes]) {
      const known = key(child) ? byKey.get(key(child)) : at && !key(at) && at.nodeName === child.nodeName ? at : null;
      if (!known) { node.insertBefore(child, at); continue; }
      if (known === at) at = at.nextSibling; else node.insertBefore(known, at);
      morph(known, child);
    }
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  }

  let isAsking = false;

  // A form is on its way to the service: what it did is what the next page says.
  let isSent = false;

  // Gets this page again and takes over the parts that are marked as live.
  async function refresh() {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      // Who looks has to sign in again, or what the page is about is gone: the page itself says so best.
      if (answer.redirected || [401, 403, 404].includes(answer.status)) {
        if (!isSent) location.reload();
        return;
      }
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      ahead = Number(page.documentElement.dataset.now) - Date.now();
      for (const part of all('[data-live]')) {
        const next = page.getElementById(part.id);
        if (next) morph(part, document.importNode(next, true));
      }
      paintTimes();
      paintRelative();
      await drawCharts();
    } catch { /* the service is away: the source of events says so, and comes again */ } finally {
      isAsking = false;
    }
  }

  const liveSwitch = $('#live-switch');
  let source = null;
  let isFresh = true;

  // Open only while somebody can see the page: browsers allow six connections to a service.
  function follow() {
    const wanted = isLive && !document.hidden && $('[data-live]');
    if (wanted && !source) {
      source = new EventSource('/events');
      source.addEventListener('sample', refresh);
      // What was just loaded is as it is; after a break something may have been missed.
      source.onopen = () => { say(); if (!isFresh) refresh(); isFresh = false; };
      source.onerror = () => {
        say();
        if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(follow, 5000); }
      };
    } else if (!wanted && source) {
      source.close();
      source = null;
    }
    say();
  }

  function say() {
    const isLost = source && source.readyState !== EventSource.OPEN;
    liveSwitch.hidden = !$('[data-live]');
    liveSwitch.setAttribute('aria-pressed', String(isLive));
    write(liveSwitch, !isLive ? 'Stopped' : isLost ? 'Connecting' : 'Live');
  }

  function switchLive() {
    isLive = !isLive;
    kept.set('live', isLive ? 'on' : 'off');
    follow();
  }

  // ---- Charts

  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
  const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
  const color = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const plots = new Map();

  function ticks(plot, splits, axis, space, step) {
    return splits.map((at) => {
      const date = new Date(at * 1000);
      const time = clock(date);
      if (step >= 86400 || time === '00:00:00') return day(date).slice(5);
      return step < 60 ? time : time.slice(0, 5);
    });
  }

  const axis = (more) => ({
    stroke: color('--soft'), font: `12px ${color('--sans')}`, grid: { stroke: color('--rule'), width: 1 },
    ticks: { stroke: color('--rule'), width: 1, size: 4 }, ...more,
  });

  function options(box, series, more) {
    return {
      width: Math.max(box.clientWidth - 16, 160), height: Math.max(box.clientHeight - 12, 120), ms: 1e-3,
      legend: { show: false }, pxAlign: 1,
      tzDate: (at) => isLocal ? new Date(at * 1000) : uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      scales: { y: { range: (plot, low, high) => [0, Math.max(high * 1.1, 1)] } },
      axes: [axis({ values: ticks, space: 70, size: 30 }), axis({ size: 52, values: (plot, splits) => splits.map((n) => compact.format(n)) })],
      series: [{}, ...series],
      ...more,
    };
  }

  // Draws into the box of a figure, or gives what is drawn there other numbers.
  function draw(figure, series, data, more) {
    const box = $('.plot', figure);
    const style = [isLocal, color('--accent'), color('--soft')].join();
    const known = plots.get(figure);
    if (known?.style === style) { Object.assign(known.state, more.state); known.plot.setData(data); return; }
    known?.plot.destroy();
    box.dataset.drawn = '';
    const plot = new uPlot(options(box, series(), more), data, box);
    plots.set(figure, { plot, style, state: more.state });
  }

  const bar = (row) => ({ row, from: Number(row.dataset.from), until: Number(row.dataset.until), count: Number(row.dataset.count) });

  function timeline(figure) {
    const state = { bars: all('tr[data-from]', figure).map(bar) };
    if (!state.bars.length) return;
    const readout = $('[data-readout]', figure);
    readout.dataset.rest ??= readout.textContent;
    const data = [state.bars.map((b) => b.from / 1000), state.bars.map((b) => b.count)];
    draw(figure, () => [{ stroke: color('--accent'), fill: color('--accent'), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [.86, 64], align: 1 }) }], data, {
      state,
      scales: { x: { range: () => [state.bars[0].from / 1000, state.bars.at(-1).until / 1000] }, y: { range: (plot, low, high) => [0, Math.max(high * 1.1, 1)] } },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 5 } },
      hooks: {
        setCursor: [(plot) => {
          const b = state.bars.findLast((one) => plot.cursor.left >= 0 && one.from / 1000 <= plot.posToVal(plot.cursor.left, 'x'));
          state.over = b;
          write(readout, b ? `${absolute(b.from)} to ${clock(new Date(b.until))}: ${grouped.format(b.count)} ${b.count === 1 ? 'job' : 'jobs'}` : readout.dataset.rest);
        }],
        setSelect: [(plot) => {
          if (plot.select.width < 5) return;
          const ms = (left) => Math.round(plot.posToVal(left, 'x') * 1000);
          const query = new URLSearchParams({ queue: new URLSearchParams(location.search).get('queue'), from: ms(plot.select.left), to: ms(plot.select.left + plot.select.width) });
          location.assign(`/queue?${query}`);
        }],
        ready: [(plot) => plot.over.addEventListener('click', () => {
          if (plot.select.width < 5) $('a', state.over?.row ?? document.createElement('p'))?.click();
        })],
      },
    });
  }

  const lines = {
    throughput: [['Delivered a second', 'delivered'], ['Acknowledged a second', 'acked']],
    lateness: [['Half within', 'half'], ['99 % within', 'most']],
    backlog: [['Due', 'due'], ['Dead', 'dead']],
  };

  // Bounds in ms; what is beyond an hour is not told apart.
  const units = [[3600000, 'h'], [60000, 'min'], [1000, 's'], [1, 'ms']];
  function duration(ms) {
    if (ms > 3600000) return '> 1 h';
    const [size, unit] = units.find(([least]) => ms >= least) ?? units.at(-1);
    return `${grouped.format(ms / size)} ${unit}`;
  }

  // From a millisecond to an hour: by powers of ten, with a line where a person would have one.
  const marks = [1, 10, 100, 1000, 10000, 60000, 600000, 3600000];
  const logarithmic = () => ({
    scales: { y: { distr: 3, range: (plot, low, high) => [1, Math.max(high * 2, 10)] } },
    axes: [axis({ values: ticks, space: 70, size: 30 }), axis({ size: 58, splits: (plot) => marks.filter((ms) => ms <= plot.scales.y.max), filter: (plot, splits) => splits, values: (plot, splits) => splits.map(duration) })],
  });

  function line(figure, history) {
    const named = lines[figure.dataset.chart];
    const isLateness = figure.dataset.chart === 'lateness';
    const text = isLateness ? duration : (n) => grouped.format(n);
    const readout = $('[data-readout]', figure);
    readout.dataset.rest ??= readout.textContent;
    const data = [history.times.map((ms) => ms / 1000), ...named.map(([, key]) => history[key])];
    draw(figure, () => [
      { stroke: color('--accent'), fill: color('--tint'), width: 1.5, points: { show: false } },
      { stroke: color('--ink'), width: 1, points: { show: false } },
    ], data, {
      ...(isLateness && logarithmic()),
      state: {},
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      hooks: {
        setCursor: [(plot) => {
          const at = plot.cursor.left >= 0 ? plot.cursor.idx : null;
          const value = (i) => plot.data[i][at] == null ? 'unknown' : text(plot.data[i][at]);
          write(readout, at == null ? readout.dataset.rest : `${absolute(plot.data[0][at] * 1000)}: ${named.map(([name], i) => `${name} ${value(i + 1)}`).join(', ')}`);
        }],
      },
    });
    table(figure, named, data, text);
  }

  // Two lines a minute are enough to read.
  function table(figure, named, data, text) {
    const step = Math.max(1, Math.ceil(data[0].length / 120));
    const cell = (kind, text, name = '') => Object.assign(document.createElement(kind), { textContent: text, className: name });
    const row = (cells) => { const tr = document.createElement('tr'); tr.append(...cells); return tr; };
    const head = document.createElement('thead');
    head.append(row([cell('th', 'Time'), ...named.map(([name]) => cell('th', name, 'num'))]));
    const body = document.createElement('tbody');
    for (let i = data[0].length - 1; i >= 0; i -= step) {
      body.append(row([cell('th', absolute(data[0][i] * 1000)), ...data.slice(1).map((values) => cell('td', values[i] == null ? '–' : text(values[i]), 'num'))]));
    }
    all('th', head).forEach((th) => { th.scope = 'col'; });
    all('th', body).forEach((th) => { th.scope = 'row'; });
    $('table', figure).replaceChildren(head, body);
  }

  // An hour is too much to fetch at each sample.
  let history = null;
  let historyAge = 0;

  async function drawCharts() {
    if (!window.uPlot) return;
    all('[data-chart="timeline"]').forEach(timeline);
    const pair = $('[data-history]');
    if (!pair) return;
    if (!history || Date.now() - historyAge > 15000) {
      const answer = await fetch(pair.dataset.history, { headers: { Accept: 'application/json' } });
      if (!answer.ok) return;
      history = await answer.json();
      historyAge = Date.now();
    }
    pair.hidden = history.times.length < 2;
    if (!pair.hidden) all('[data-chart]', pair).forEach((figure) => line(figure, history));
  }

  const redraw = () => { drawCharts().catch(() => { /* the next sample draws them */ }); };

  new ResizeObserver(() => plots.forEach(({ plot }, figure) => {
    const box = $('.plot', figure);
    if (box.clientWidth) plot.setSize({ width: Math.max(box.clientWidth - 16, 160), height: Math.max(box.clientHeight - 12, 120) });
  })).observe($('main'));

  // A range that was not chosen yet is the one that is shown.
  function fillRange() {
    const bars = all('tr[data-from]').map(bar);
    const put = (id, ms) => { const field = $(id); if (field && bars.length) field.value = new Date(ms()).toISOString().slice(0, 19); };
    put('#range-from', () => bars[0].from);
    put('#range-to', () => bars.at(-1).until);
  }

  // ---- Questions before what destroys

  for (const field of all('[data-confirm]')) {
    const button = $('button', field.form);
    const check = () => { button.disabled = field.value !== field.dataset.confirm; };
    field.addEventListener('input', check);
    check();
  }

  const boxes = (form) => all('input[type="checkbox"][name="id"]', form);

  function count(form) {
    const chosen = boxes(form).filter((box) => box.checked).length;
    write($('[data-picked]', form), chosen ? `${chosen} chosen` : 'None chosen');
    all('button[formaction]', form).forEach((button) => { button.disabled = chosen === 0; });
    const every = $('[data-pick-all]', form);
    every.checked = chosen > 0 && chosen === boxes(form).length;
    every.indeterminate = chosen > 0 && !every.checked;
  }

  for (const every of all('[data-pick-all]')) {
    const form = every.form;
    form.addEventListener('change', (event) => {
      if (event.target === every) boxes(form).forEach((box) => { box.checked = every.checked; });
      count(form);
    });
    count(form);
  }

  document.addEventListener('submit', (event) => {
    const question = event.submitter?.dataset.ask;
    if (question && !confirm(question)) event.preventDefault();
    else if (event.target.method === 'post') isSent = true;
  });

  // ---- Keys

  const keys = $('#keys');
  const keysOn = $('#keys-on');
  keysOn.checked = kept.get('keys') !== 'off';
  keysOn.addEventListener('change', () => kept.set('keys', keysOn.checked ? 'on' : 'off'));

  function step(by) {
    const rows = all('table[data-rows] tbody tr').filter((row) => row.offsetParent);
    const at = rows.indexOf(document.activeElement?.closest('table[data-rows] tbody tr'));
    const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (row) $('a', row).focus();
  }

  function pick() {
    const box = $('input[name="id"]', document.activeElement?.closest('tr') ?? document.createElement('p'));
    if (box) box.click();
  }

  const press = (selector) => $(selector)?.click();
  const does = {
    '?': () => keys.showModal(),
    '/': () => $('[data-key-find]')?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: pick,
    n: () => press('a[rel="next"]'),
    l: switchLive,
    u: switchZone,
    'g o': () => press('.brand'),
    'g q': () => press('[data-key-go="q"]'),
    'g j': () => press('[data-key-go="j"]'),
    'g d': () => press('[data-key-go="d"]'),
    'g s': () => press('.top nav a[href^="/schedule"]'),
  };
  let before = '';

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select');
    if (!keysOn.checked || isTyping || event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const act = does[before + event.key] ?? does[event.key];
    before = event.key === 'g' ? 'g ' : '';
    if (!act) return;
    event.preventDefault();
    act();
  });

  // ---- Switches, and the beginning

  const zoneSwitch = $('#zone-switch');

  function paintZone() {
    write(zoneSwitch, isLocal ? zone(new Date()) : 'UTC');
    zoneSwitch.setAttribute('aria-label', `Times in ${isLocal ? 'local time' : 'UTC'}. Switch`);
    paintTimes();
    redraw();
  }

  function switchZone() {
    isLocal = !isLocal;
    kept.set('zone', isLocal ? 'local' : 'utc');
    paintZone();
  }

  // What an action did is told once, not again when the page is loaded again or gone back to.
  const here = new URL(location.href);
  if (here.searchParams.has('notice')) {
    here.searchParams.delete('notice');
    here.searchParams.delete('number');
    window.history.replaceState(null, '', here);
  }

  zoneSwitch.hidden = false;
  zoneSwitch.addEventListener('click', switchZone);
  liveSwitch.addEventListener('click', switchLive);
  $('#keys-switch').hidden = false;
  $('#keys-switch').addEventListener('click', () => keys.showModal());
  setInterval(() => { if (isLive && !document.hidden) paintRelative(); }, 1000);
  document.addEventListener('visibilitychange', follow);
  // A page that a browser keeps for its way back must hold no connection.
  addEventListener('pagehide', () => { source?.close(); source = null; });
  addEventListener('pageshow', (event) => { if (event.persisted) { isSent = false; follow(); } });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  fillRange();
  paintZone();
  paintRelative();
  follow();
})();
