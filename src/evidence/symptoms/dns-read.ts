import { errnoOf } from '../errno-text.ts';
import { hostPort } from '../host-port.ts';
import { defineSymptomReader, details, draft, longEnough } from './symptom-reader.ts';

/** "read udp A:p->B:53: i/o timeout" outside a lookup error: CoreDNS ("plugin/errors: 2 NAME TYPE: …"), kube-dns sidecars, agents. */
const READ =
  /(?:plugin\/errors: (\d+) ([^ \t:]{1,255}) ([A-Z]{1,10}): )?(?:read|write) (udp|tcp)[46]? (\[[^\]]+\]:\d+|[^ \t>]+?)->(\[[^\]]+\]:\d+|[^ \t:]+:\d+): ([^"]{1,200})/u;

export const dnsRead = defineSymptomReader({
  id: 'dns-read',
  anchors: ['read udp', 'read tcp', 'write udp', 'write tcp', 'plugin/errors: '],
  scan: [
    ...longEnough('read udp', [' ', '4', '6']),
    ...longEnough('read tcp', [' ', '4', '6']),
    'write udp',
    'write tcp',
    'plugin/errors: ',
  ],
  read({ message }) {
    const hit = READ.exec(message);
    if (hit === null || /\blookup [^ \t]+ on /u.test(message)) return [];
    const [, , name, type, protocol = 'udp', local = '', peer = '', error = ''] = hit;
    const end = hostPort(peer);
    const dns = end?.port === 53 || name !== undefined;
    return [
      draft(dns ? 'dns-failed' : 'connection-lost', dns ? 'dns' : 'dial', {
        name: name?.replace(/\.$/u, ''),
        protocol,
        server: dns ? end?.host : undefined,
        address: dns ? undefined : end?.host,
        port: end?.port,
        errno: errnoOf(error),
        component: name === undefined ? undefined : 'coredns',
        details: details({ error: error.slice(0, 120), type, local: hostPort(local)?.host }),
      }),
    ];
  },
});
