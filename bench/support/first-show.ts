/**
 * The first article's case, grown: an API server that cannot reach itself over ::1 writes noise and floods of its reflectors, then ends.
 * With the node's files beside the log.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { escape, NOISE, Random } from './log-corpus.ts';

export interface FirstShow {
  readonly log: string;
  /** Holds the log and the node's files. */
  readonly folder: string;
  readonly truth: FirstShowTruth;
}

export interface FirstShowTruth {
  readonly lines: number;
  readonly reflectors: number;
  /** The line that ends it, as the program wrote it. */
  readonly terminal: string;
}

const RESOURCES =
  'StorageClass LimitRange Node Pod Service Namespace Secret ConfigMap ResourceQuota ServiceAccount ClusterRole ClusterRoleBinding Role RoleBinding PriorityClass RuntimeClass CSIDriver PersistentVolume Endpoints Lease'.split(
    ' ',
  );
const FAILED = 'dial tcp [::1]:6443: connect: no route to host';
/** The recipe's number: another one makes the corpus again. */
const VERSION = 1;

const FILES: Readonly<Record<string, string>> = {
  'etc/hosts': '10.20.0.4 node-1\n::1 localhost ip6-localhost ip6-loopback\n',
  'etc/nsswitch.conf': 'passwd: files\nhosts: files dns\n',
  'etc/resolv.conf': 'nameserver 10.20.0.1\n',
  'proc/sys/net/ipv6/conf/lo/disable_ipv6': '1\n',
  'ip-address.txt':
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff\n    inet 10.20.0.4/24 brd 10.20.0.255 scope global eth0\n       valid_lft forever preferred_lft forever\n',
};

/** `bytes`: about so long a log. */
export function firstShow(cache: string, bytes: number): FirstShow {
  const folder = join(cache, `first-show-${String(bytes)}-${String(VERSION)}`);
  const log = join(folder, 'kube-apiserver-json.log');
  const truthFile = join(cache, `first-show-${String(bytes)}-${String(VERSION)}.json`);
  if (existsSync(truthFile)) return { log, folder, truth: JSON.parse(readFileSync(truthFile, 'utf8')) as FirstShowTruth };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const truth = write(log, bytes);
  writeFileSync(truthFile, JSON.stringify(truth));
  return { log, folder, truth };
}

function write(log: string, bytes: number): FirstShowTruth {
  const random = new Random(8_080_611);
  const fd = openSync(log, 'w');
  let clock = Date.UTC(2021, 7, 8, 6, 0, 0);
  let [lines, reflectors, written] = [0, 0, 0];
  let out: string[] = [];
  let size = 0;
  const stamp = (text: string): string => {
    clock += 1 + random.below(3);
    const iso = new Date(clock).toISOString();
    const record = `{"log":"${escape(text.replace('TIME', `${iso.slice(11, 23)}${String(random.below(1000)).padStart(3, '0')}`))}\\n","stream":"stderr","time":"${iso.slice(0, 23)}${String(random.below(1_000_000)).padStart(6, '0')}Z"}\n`;
    lines += 1;
    size += record.length;
    out.push(record);
    return text;
  };
  const flush = (): void => {
    written += writeSync(fd, out.join(''));
    out = [];
    size = 0;
  };
  while (written + size < bytes) {
    if (random.below(5) === 0) {
      const kind = RESOURCES[random.below(RESOURCES.length)] ?? '';
      reflectors += 1;
      stamp(
        `E0808 TIME       1 reflector.go:138] k8s.io/client-go/informers/factory.go:134: Failed to watch *v1.${kind}: failed to list *v1.${kind}: Get "https://localhost:6443/api/v1/${kind.toLowerCase()}s?limit=500&resourceVersion=0": ${FAILED}`,
      );
    } else stamp(NOISE[random.below(NOISE.length)]?.(random) ?? '');
    if (size > 1 << 20) flush();
  }
  const terminal = `Unable to perform initial IP allocation check: unable to refresh the service IP block: Get "https://localhost:6443/api/v1/services": ${FAILED}`;
  stamp(`F0808 TIME       1 controller.go:161] ${terminal}`);
  flush();
  closeSync(fd);
  return { lines, reflectors, terminal };
}
