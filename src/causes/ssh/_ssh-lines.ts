/** Lines and facts that several SSH causes read. Sources: rancher/rke hosts/dialer.go, hosts/tunnel.go; golang.org/x/crypto/ssh client_auth.go. */
import type { Signature } from '../../facts/signature.ts';
import type { Look, Test } from '../_checks/index.ts';
import { any, ask, line, observed, off, on, osLike, stated, textual } from '../_checks/index.ts';

/** RKE's words when the docker socket cannot be opened through the tunnel. */
export const prohibited: Signature = {
  id: 'ssh-user-not-in-docker-group/prohibited',
  grade: 'strong',
  anchors: ['administratively prohibited', 'Unable to access the Docker socket', 'unable to access the Docker socket'],
  pattern: /ssh: rejected: administratively prohibited|administratively prohibited: open failed|Unable to access the Docker socket \(/i,
  matches: [
    "Failed to set up SSH tunneling for host [192.0.2.4]: Can't retrieve Docker Info: error during connect: ssh: rejected: administratively prohibited (open failed)",
  ],
  rejects: ['ssh: rejected: connect failed (No route to host)'],
};

export const authFailed: Signature = {
  id: 'ssh-key-or-user-wrong/unable-to-authenticate',
  grade: 'strong',
  anchors: ['unable to authenticate', 'Permission denied (publickey'],
  pattern: /ssh: unable to authenticate, attempted methods \[(?<methods>[^\]]*)\]|Permission denied \(publickey[^)]*\)/,
  matches: [
    'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain',
    'admin@192.0.2.4: Permission denied (publickey,password).',
  ],
  rejects: ['ssh: handshake failed: EOF'],
};

export const socketRefused: Test = line(prohibited.id);
export const authRefused: Test = line(authFailed.id);

/** Major and minor of an OpenSSH version: '8.9p1' -> 8.9. */
export const opensshAtLeast =
  (major: number, minor: number) =>
  (text: string): boolean => {
    const [, a, b] = /(\d+)\.(\d+)/.exec(text) ?? [];
    if (a === undefined || b === undefined) return false;
    return Number(a) > major || (Number(a) === major && Number(b) >= minor);
  };
const versionText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The node's OpenSSH, from a fact or a banner. */
export const serverVersion =
  (holds: (text: string) => boolean): Test =>
  ({ node, symptoms }): Look => {
    const fact = node.observations['ssh.server-version'];
    if (fact?.state === 'known')
      return holds(versionText(fact.value))
        ? { seen: 'yes', kind: 'state', source: fact.source, values: { version: versionText(fact.value) } }
        : { seen: 'no', source: fact.source };
    const banner = symptoms.find((one) => one.kind === 'sshd-too-old/banner');
    const version = banner?.details?.['version'];
    if (banner === undefined || version === undefined)
      return { seen: 'unknown', needs: [{ kind: 'observation', key: 'ssh.server-version' }] };
    const source = banner.evidence[0];
    return holds(version)
      ? { seen: 'yes', kind: 'line', values: { version }, ...(source === undefined ? {} : { source }) }
      : { seen: 'no' };
  };

export const userIsRoot: Test = any(
  observed('ssh.user', textual(/^root$/)),
  line('ssh-root-on-rhel/user-root'),
  stated(
    { key: /(?:ssh )?user$|user name|connects as/, value: /^root\b/i },
    { whole: /(?:log ?in|logs? in|connect(?:s|ed|ing)?|ssh|user)[^.;]{0,20} (?:as|is|=|with)(?: the)?(?: user)? root\b/i },
  ),
);
export const userIsNotRoot: Test = any(
  observed('ssh.user', textual(/^(?!root$)./)),
  stated({ key: /(?:ssh )?user$|user name|connects as/, value: /^(?!root\b)[a-z_]/i }),
);
export const onRhel: Test = any(
  osLike(/rhel|centos|red hat|oracle|rocky|alma|fedora|atomic/i),
  observed('os.family', textual(/^rhel$/)),
  stated({ whole: /\b(?:centos|rhel|red ?hat|oracle linux|atomic host|rocky|alma)/i }),
);
export const notInGroup: Test = any(
  off('ssh.user-in-docker-group'),
  stated(
    { key: /docker group|in docker|docker ?ps/, value: 'no' },
    {
      whole:
        /docker ps[^.;]*(?:without|no) sudo[^.;]*(?:fail|denied|not)|(?:only|works) with sudo[^.;]*docker|sudo docker ps[^.;]*needed|docker[^.;]*(?:only|needs?|requires?) (?:as root|root|sudo)|not (?:in|a member of|part of)[^.;]*docker(?: unix)? group|docker ps[^.;]*(?:fail|permission|denied|as (?:that|the) user)|(?:usermod|add)[^.;]*docker[^.;]*(?:cure|fix|help|solve|work)|docker group[^.;]*(?:missing|not)/i,
    },
  ),
);
export const inGroup: Test = any(
  on('ssh.user-in-docker-group'),
  stated(
    {
      key: /^(?!.*\b(?:other|another|different|adding|added|usermod)\b).*docker group|^docker ps(?: as| over|$)/,
      value: /^(?:yes|true|member|ok|works|in it|1)\b/i,
    },
    { whole: /^(?!.*sudo)[^.;]*docker ps[^.;]*(?:works|ok|succeeds)/i },
  ),
);
export const forwardingOff: Test = any(
  observed('sshd.allowtcpforwarding', textual(/^(?:no|remote)$/i)),
  observed('sshd.allowstreamlocalforwarding', textual(/^(?:no|remote)$/i)),
  observed('sshd.disableforwarding', textual(/^yes$/i)),
  line('sshd-forwarding-disabled/setting'),
  stated(
    {
      key: /allow ?tcp ?forwarding|allow ?stream ?local ?forwarding|tcp forwarding|ssh forwarding/,
      value: /^(?:no\b|false|off|disabled|remote|0\b)/i,
    },
    { key: /disable ?forwarding/, value: 'yes' },
    {
      whole:
        /allow ?(?:tcp|stream ?local) ?forwarding\W{0,3}(?:no|remote)\b|(?:forwarding|tunnel|port forward)[^.;]*(?:disabled|forbidden|off\b|not allowed|denied|blocked|prohibited|switched off|restricted)|(?:disabled|forbids?|denies|denied|prohibits?|blocks?|no)[^.;]{0,30}(?:forwarding|tunnel)/i,
    },
  ),
);
export const forwardingOn: Test = any(
  observed('sshd.allowtcpforwarding', textual(/^(?:yes|all|local)$/i)),
  stated({ key: /allow ?tcp ?forwarding|tcp forwarding/, value: 'yes' }),
);

/** sshd says the same for four reasons; these facts part them. */
export const askWhyProhibited = ask(
  'Which user does rke connect as (root cannot forward on RHEL, CentOS or Oracle Linux), is that user a member of the docker group and does docker ps work as that user, does sshd allow forwarding (AllowTcpForwarding), and which OpenSSH version runs on the node?',
  'rke 以哪个用户连接（在 RHEL、CentOS、Oracle Linux 上 root 无法转发）？该用户是否属于 docker 组、以其执行 docker ps 是否正常？sshd 是否允许转发（AllowTcpForwarding）？节点的 OpenSSH 是什么版本？',
  'grep -n "user:" cluster.yml; ssh USER@HOST "cat /etc/os-release; id; docker ps; sudo sshd -T | grep -i forwarding; sshd -V"',
);
