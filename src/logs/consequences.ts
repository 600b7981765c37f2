/**
 * Texts that follow from a failure elsewhere, or mean nothing: they are counted and shown as such, and never taken for a cause.
 * Sources: kubernetes pkg/kubelet and client-go, k3s, rke; the reasons are told in docs/guide/logs.md.
 */
const CONSEQUENCES: readonly (readonly [string, RegExp])[] = [
  [
    'api-not-up',
    /Failed to update lease|Unable to register node with (?:the )?API server|Error updating node status, will retry|Failed to ensure lease exists|[Ff]ailed to contact API server when waiting for CSINode/u,
  ],
  [
    'api-not-up',
    /Error getting (?:the current )?node .{0,80}(?:from lister|not found)|node "[^"]{1,253}" not found|Waiting to retrieve agent configuration; server is not ready/u,
  ],
  ['container-ended-before', /Back-?off restarting failed container|CrashLoopBackOff|is waiting to start|restarting failed container=/u],
  ['lease-lost', /leaderelection lost|failed to renew lease|failed to (?:acquire|update) lock/iu],
  ['starting', /(?:Startup|Readiness) probe failed|cni config uninitialized|cni plugin not initialized|NetworkPluginNotReady/u],
  ['starting', /plugin\/kubernetes: waiting for Kubernetes API|Waiting for (?:cri connection|containerd startup)/u],
  ['no-static-pods', /Unable to read config path|path does not exist, ignoring/u],
  [
    'no-effect',
    /Flag --[\w-]{1,80} has been deprecated|Use of insecure cipher|http2: server: error reading preface|Nameserver limits (?:were )?exceeded|Set sysctl |was already loaded/u,
  ],
  [
    'port-check',
    /TLS handshake error from [^ ]{1,80}: (?:EOF|remote error: tls: (?:bad|unknown) certificate)|rejected connection from .{1,120}(?:EOF|first record does not look like)/u,
  ],
  [
    'retry',
    /\[healthcheck\].{1,400}, try #\d|addrConn\.createTransport failed to connect.{1,400}Reconnecting|lost (?:the )?TCP streaming connection|took too long.{0,60}to execute/u,
  ],
];

/** Why the text is no cause, or undefined. */
export const consequenceOf = (text: string): string | undefined => CONSEQUENCES.find(([, p]) => p.test(text))?.[0];
