// What the drivers in Node share: arguments, jobs, and the account of deliveries.
const [verb, ...rest] = process.argv.slice(2);
const A = Object.fromEntries(rest.map((x) => [x.slice(0, x.indexOf('=')), x.slice(x.indexOf('=') + 1)]));

export { verb };
export const arg = (k, d) => A[k] ?? d;
export const num = (k, d) => (A[k] === undefined ? d : Number(A[k]));
export const QUEUE = 'bench';
const now = () => performance.timeOrigin + performance.now();
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const N = num('n', 1000), WN = num('wn', 0), RATE = num('rate', 0);
let T0 = num('t0', 0);

// The first wn= are warm-up, due at 500/s in the seconds before t0; then n measured ones at t0 + k/rate.
function job(i) {
  const k = i - WN;
  const due = k < 0 ? T0 - 3000 + i * 2 : T0 + (RATE ? (k * 1000) / RATE : 0);
  const payload = `${k < 0 ? 'w' : 'm'}|${String(k < 0 ? i : k).padStart(10, '0')}|${due.toFixed(3)}|`.padEnd(100, 'x');
  return { id: arg('tag', 'm') + String(i).padStart(15, '0'), payload, due };
}

// Sends all jobs, batch of them in each call of send, so many lanes at once; prints how that went.
export async function schedule(lanes, batch, send) {
  const start = now(), n = N + WN, c0 = cpu();
  T0 ||= Math.floor(start + num('lead', 5) * 1000);
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (next < n) {
      const lo = next;
      next = Math.min(n, lo + batch);
      await send(Array.from({ length: next - lo }, (_, k) => job(lo + k)));
    }
  }));
  console.log(JSON.stringify({ n, secs: (now() - start) / 1000, spare_ms: T0 - now(), client_cpu: cpu() - c0 }));
}

export const isBulk = () => arg('mode', 'bulk') === 'bulk';

// What was delivered; acked(payload) is called when the peer has removed or finished the job.
export class Account {
  #late = [];
  #seen = new Uint8Array(N);
  #dup = 0; #early = 0; #warm = 0; #acked = 0;
  #first; #t20; #last; #c0 = 0; #c1;
  #start = now();
  #finish;
  #over = new Promise((resolve) => { this.#finish = resolve; });

  delivered(payload) {
    const t = now();
    const [tag, seq, due] = payload.split('|');
    if (tag !== 'm') { this.#warm++; return; }
    const i = Number(seq);
    if (this.#seen[i]) { this.#dup++; return; }
    this.#seen[i] = 1;
    if (!this.#first) { this.#first = t; this.#c0 = cpu(); }
    if (t < Number(due) - 0.5) this.#early++;
    this.#late.push(t - Number(due));
    if (this.#late.length === Math.floor(N / 5)) this.#t20 = t;
  }

  acked(payload) {
    if (payload[0] !== 'm' || ++this.#acked !== N) return;
    this.#last = now();
    this.#c1 = cpu();
    setTimeout(this.#finish, 500);
  }

  // Waits until all are acknowledged, the deadline passes, or stdin closes; then prints.
  async await() {
    setTimeout(this.#finish, num('deadline', 60) * 1000);
    process.stdin.on('end', this.#finish).resume();
    console.log('READY');
    await this.#over;
    const last = this.#last ?? now(), late = this.#late.sort((a, b) => a - b), rest = late.length - Math.floor(N / 5);
    const q = (f) => (late.length ? Number(late[Math.floor((late.length - 1) * f)].toFixed(2)) : -1);
    console.log(JSON.stringify({ n: N, uniq: late.length, dup: this.#dup, early: this.#early, warm: this.#warm,
      client_cpu: (this.#c1 ?? cpu()) - this.#c0, secs: (last - (this.#first ?? last)) / 1000,
      from_start: (last - this.#start) / 1000, steady: this.#t20 ? rest / ((last - this.#t20) / 1000) : 0,
      p50: q(0.5), p90: q(0.9), p99: q(0.99), max: q(1), min: q(0) }));
  }
}
