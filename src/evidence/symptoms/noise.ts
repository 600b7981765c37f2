/**
 * Lines that look like failures and never are causes. A symptom from such a line keeps its place in the snapshot with
 * details.noise = the reason, and no cause may be built on it.
 */
import type { LogLine } from '../../logs/line-format.ts';

interface Noise {
  readonly reason: string;
  readonly pattern: RegExp;
  /** Only for lines of these components (as far as the component is known). */
  readonly components?: RegExp;
}

const NOISE: readonly Noise[] = [
  {
    reason: 'probe-of-the-tls-port',
    pattern:
      /TLS handshake error from [^ ]+: (?:EOF|remote error: tls: (?:bad certificate|unknown certificate)|tls: first record does not look like a TLS handshake|read tcp [^"]*connection reset by peer|client offered only unsupported versions)/u,
  },
  {
    reason: 'health-check-of-the-tcp-port',
    pattern:
      /rejected connection from .{1,80}(?:error "EOF"|error "tls: first record does not look like a TLS handshake"|error="?(?:EOF|tls: first record))/u,
  },
  { reason: 'reconnecting', pattern: /grpc: addrConn\.createTransport failed to connect.*Reconnecting/u },
  { reason: 'no-static-pods', pattern: /Unable to read config path|path does not exist, ignoring/u },
  { reason: 'nm-cloud-setup-absent', pattern: /Failed to get unit file state for nm-cloud-setup\.service/u },
  { reason: 'deprecated-flag', pattern: /Flag --[\w-]+ has been deprecated/u },
  { reason: 'name-server-limit', pattern: /Nameserver limits (?:were )?exceeded/u },
  { reason: 'retry-of-a-health-check', pattern: /\[healthcheck\].{1,400}, try #\d/u },
  { reason: 'existence-check', pattern: /No such container|No such image/u, components: /^rke$/u },
  {
    reason: 'store-not-up-yet',
    pattern: /Failed to test data store connection: context deadline exceeded|Failed to test etcd connection/u,
  },
  { reason: 'start-of-the-runtime', pattern: /Waiting for (?:cri connection|containerd startup): rpc error/u },
  {
    reason: 'start-of-the-cluster',
    pattern: /plugin\/kubernetes: waiting for Kubernetes API before starting server|No files matching import glob pattern/u,
  },
  {
    reason: 'ipv6-of-an-ipv4-cluster',
    pattern: /(?:IPv6|ipvs)[^"]{0,80}not supported[^"]{0,60}skipping|No iptables support for family.{0,40}IPv6/iu,
  },
  { reason: 'preface', pattern: /http2: server: error reading preface|Use of insecure cipher|Server rejected event/u },
  { reason: 'stream-reconnect', pattern: /rafthttp: lost the TCP streaming connection|lost TCP streaming connection with remote peer/u },
  {
    reason: 'docker-info-warning',
    pattern: /WARNING: (?:No swap limit support|bridge-nf-call-ip6tables is disabled|No blkio|No cpu cfs|API is accessible on)/u,
  },
  { reason: 'by-design', pattern: /\[remove\/rke-log-linker\]|Successfully removed/u },
  { reason: 'progress', pattern: /Set sysctl |was already loaded|exists on host, try|Image \[[^\]]+\] exists/u },
];

/** Why this line is never a cause, or undefined. */
export function noiseReason(line: Pick<LogLine, 'message' | 'component'>, component?: string): string | undefined {
  const who = component ?? line.component;
  return NOISE.find((n) => n.pattern.test(line.message) && (n.components === undefined || who === undefined || n.components.test(who)))
    ?.reason;
}
