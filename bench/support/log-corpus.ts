/**
 * Logs to measure with: generated from a seed, with the truth beside them. Noise as an API server writes it, and a few lines that hold
 * one of the literals. Kept in .cache/, made again when their recipe changes.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Corpus {
  readonly files: readonly string[];
  readonly truth: Truth;
}

export interface Truth {
  readonly lines: number;
  readonly bytes: number;
  /** Lines that hold a literal, as lines; records that hold one, pieces joined. */
  readonly hitLines: number;
  readonly hitRecords: number;
  /** Lines of each template of the noise. */
  readonly templates: Readonly<Record<string, number>>;
}

export interface Recipe {
  readonly name: string;
  readonly format: 'docker' | 'cri';
  readonly mib: number;
  readonly files: number;
  /** Share of lines that hold a literal. */
  readonly hits: number;
}

const VERSION = 2;
export const cache = join(dirname(dirname(import.meta.dirname)), '.cache', 'bench-logs');

/** xorshift: small, fast, the same everywhere. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 1;
  }
  below(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % n;
  }
}

/** So many literals of at least nine bytes, of which the first dozen is what hit lines hold. */
export function literals(count: number): readonly string[] {
  const live = [
    'dial tcp [::1]:6443: connect: no route',
    'lookup localhost on 10.0.0.2:53',
    'certificate has expired or is not',
    'unable to refresh the service IP block',
    'etcdserver: mvcc: database space',
    'no space left on device',
    'too many open files',
    'nf_conntrack: table full',
    'cgroup driver: "systemd" is different',
    'bind: address already in use',
    'plugin/loop: Loop',
    'Failed to bring up Control Plane',
  ];
  const words = [
    'kubelet',
    'etcd',
    'coredns',
    'flannel',
    'overlay',
    'conntrack',
    'nameserver',
    'systemd',
    'runtime',
    'sandbox',
    'volume',
    'registry',
  ];
  const made = Array.from({ length: count }, (_, i) => `${words[i % 12] ?? ''} failure ${words[(i * 7) % 11] ?? ''} of kind ${String(i)}!`);
  return [...live, ...made].slice(0, count);
}

export const NOISE: readonly ((r: Random) => string)[] = [
  (r) =>
    `I0808 TIME       1 httplog.go:132] "HTTP" verb="GET" URI="/api/v1/namespaces/ns-${String(r.below(50))}/pods/app-${String(r.below(9999))}?timeout=10s" latency="${String(r.below(90))}.${String(r.below(999))}ms" userAgent="kubelet/v1.21.3 (linux/amd64)" srcIP="10.0.${String(r.below(255))}.${String(r.below(255))}:4${String(r.below(9999))}" resp=200`,
  (r) =>
    `I0808 TIME       1 trace.go:205] Trace[${String(r.below(999999999))}]: "List etcd3" key:/registry/pods,resourceVersion:,limit:500 (total time: ${String(r.below(2000))}ms)`,
  () => 'I0808 TIME       1 client.go:360] parsed scheme: "passthrough"',
  (r) =>
    `I0808 TIME       1 passthrough.go:48] ccResolverWrapper: sending update to cc: {[{https://10.0.0.${String(r.below(9))}:2379  <nil> 0 <nil>}] <nil> <nil>}`,
  () => 'I0808 TIME       1 clientconn.go:948] ClientConn switching balancer to "pick_first"',
  (r) => `W0808 TIME       1 watcher.go:220] watch chan error: slow consumer number ${String(r.below(500))} was dropped from the queue`,
  (r) =>
    `I0808 TIME       1 controller.go:132] OpenAPI AggregationController: action for item v1beta1.metrics.k8s.io: Rate Limited Requeue after ${String(r.below(60))}s.`,
  (r) => `I0808 TIME       1 shared_informer.go:247] Caches are synced for crd-autoregister in ${String(r.below(900))} ms`,
  (r) =>
    `I0808 TIME       1 get.go:260] "Starting watch" path="/apis/apps/v1/replicasets" resourceVersion="${String(r.below(9999999))}" labels="" fields="" timeout="${String(5 + r.below(5))}m${String(r.below(59))}s"`,
  (r) =>
    `E0808 TIME       1 available_controller.go:508] v1beta1.metrics.k8s.io failed with: the endpoints list is not ready yet, attempt ${String(r.below(99))}`,
];

export const escape = (text: string): string => text.replaceAll('"', '\\"').replaceAll('&', '\\u0026');
const PLAIN = /["&\\]/u;

export function corpus(recipe: Recipe): Corpus {
  const folder = join(cache, `${recipe.name}-${String(recipe.mib)}-${String(VERSION)}`);
  const files = Array.from({ length: recipe.files }, (_, i) => join(folder, `${recipe.name}-${String(i)}.log`));
  const truthFile = join(folder, 'truth.json');
  if (existsSync(truthFile)) return { files, truth: JSON.parse(readFileSync(truthFile, 'utf8')) as Truth };
  mkdirSync(folder, { recursive: true });
  const truth = generate(recipe, files);
  writeFileSync(truthFile, JSON.stringify(truth));
  return { files, truth };
}

function generate(recipe: Recipe, files: readonly string[]): Truth {
  const random = new Random(20_210_808);
  // Hit lines hold literals that stand unescaped in JSON too.
  const live = literals(12).filter((l) => !PLAIN.test(l));
  const templates: Record<string, number> = {};
  let [lines, bytes, hitLines, hitRecords] = [0, 0, 0, 0];
  let clock = Date.UTC(2021, 7, 8, 6, 0, 0);
  for (const [index, file] of files.entries()) {
    // Skewed: a few files hold most of it.
    const share = files.length === 1 ? 1 : 1 / (index + 4) / harmonic(files.length);
    const wanted = recipe.mib * 2 ** 20 * share;
    const fd = openSync(file, 'w');
    let written = 0;
    let out: string[] = [];
    let size = 0;
    while (written + size < wanted) {
      clock += 1 + random.below(3);
      const iso = new Date(clock).toISOString();
      const time = `${iso.slice(11, 23)}${String(random.below(1000)).padStart(3, '0')}`;
      const stamp = `${iso.slice(0, 23)}${String(random.below(1_000_000)).padStart(6, '0')}Z`;
      const isHit = random.below(1_000_000) < recipe.hits * 1_000_000;
      const which = random.below(NOISE.length * 10);
      const kind = which < 70 ? which % 3 : which % NOISE.length;
      let text = (NOISE[kind]?.(random) ?? '').replace('TIME', time);
      if (isHit) text += ` and then ${live[random.below(live.length)] ?? ''}: it is over`;
      const name = isHit ? 'hit' : String(kind);
      templates[name] = (templates[name] ?? 0) + 1;
      const stream = random.below(5) === 0 ? 'stdout' : 'stderr';
      if (isHit) hitRecords += 1;
      let record: string;
      if (recipe.format === 'docker') {
        record = `{"log":"${escape(text)}\\n","stream":"${stream}","time":"${stamp}"}\n`;
        lines += 1;
        if (isHit) hitLines += 1;
      } else if (isHit && random.below(100) === 0) {
        // In pieces; the cut goes through the literal.
        const cut = text.indexOf(' and then ') + 16;
        record = `${stamp} ${stream} P ${text.slice(0, cut)}\n${stamp} ${stream} F ${text.slice(cut)}\n`;
        lines += 2;
      } else {
        record = `${stamp} ${stream} F ${text}\n`;
        lines += 1;
        if (isHit) hitLines += 1;
      }
      out.push(record);
      size += record.length;
      if (size > 1 << 20) {
        written += writeSync(fd, out.join(''));
        out = [];
        size = 0;
      }
    }
    written += writeSync(fd, out.join(''));
    closeSync(fd);
    bytes += written;
  }
  return { lines, bytes, hitLines, hitRecords, templates };
}

const harmonic = (n: number): number => Array.from({ length: n }, (_, i) => 1 / (i + 4)).reduce((a, b) => a + b, 0);
