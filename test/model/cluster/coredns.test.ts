/** CoreDNS: one Corefile, one question, one answer. */
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/facts/fact.ts';
import { parseCorefile } from '../../../src/model/cluster/coredns/corefile.ts';
import { kubernetesRequest } from '../../../src/model/cluster/coredns/kubernetes-plugin.ts';
import { coreDnsAnswer, coreDnsLoop } from '../../../src/model/cluster/coredns/server.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { dnsOf } from '../../support/scripted-dns.ts';
import { smallNetns, smallNode, smallView } from '../../support/small-node.ts';

const USUAL = `.:53 {
    errors
    health { lameduck 5s }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf { max_concurrent 1000 }
    cache 30
    loop
}
`;
const SERVICES = [
  { namespace: 'default', name: 'kubernetes', type: 'ClusterIP', clusterIp: '10.96.0.1', ports: '443/TCP' },
  { namespace: 'shop', name: 'web', type: 'ClusterIP', clusterIp: '10.96.7.7', ports: '80/TCP' },
];
const DNS = dnsOf({
  '192.0.2.53': { 'a.example': { A: ['203.0.113.7'], AAAA: ['2001:db8::7'] }, 'b.example': { A: ['203.0.113.8'] } },
  '192.0.2.54': 'DROP',
});

interface Setup {
  readonly corefile?: string;
  readonly type?: string;
  readonly resolv?: string;
  readonly hosts?: string;
  readonly services?: typeof SERVICES | undefined;
  readonly pod?: string;
}

function made({ resolv = 'nameserver 192.0.2.53\n', hosts = '127.0.0.1 localhost\n', ...rest }: Setup) {
  const view = smallView({ id: 'coredns', kind: 'container', netns: 'pod', text: { '/etc/resolv.conf': resolv, '/etc/hosts': hosts } });
  const services = 'services' in rest ? rest.services : SERVICES;
  const observations =
    services === undefined ? {} : { 'kube.services': known(services, { kind: 'command', command: 'kubectl get svc -A' } as const) };
  return { view, world: makeWorld(smallNode({ views: [view], netns: [smallNetns({ id: 'pod' })], observations }), DNS) };
}

function ask(name: string, setup: Setup = {}): string {
  const { view, world } = made(setup);
  const got = coreDnsAnswer(
    world,
    view,
    parseCorefile(setup.corefile ?? USUAL),
    { name, type: setup.type ?? 'A', transport: 'udp' },
    setup.pod,
  );
  if (got.kind !== 'reply') return 'cannot tell';
  if (got.reply.kind !== 'answer') return got.reply.kind === 'error' ? got.reply.errno : got.reply.kind;
  return got.reply.answers.map((record) => `${record.name === name ? '' : `${record.name} `}${record.data}`).join(', ') || got.reply.rcode;
}

const block = (...lines: readonly string[]): string => `. {\n${lines.join('\n')}\n}\n`;
const FORWARD = 'forward . 192.0.2.53';

describe('CoreDNS', () => {
  it.each([
    ['a service', 'web.shop.svc.cluster.local', {}, '10.96.7.7'],
    ['its AAAA is an empty answer', 'web.shop.svc.cluster.local', { type: 'AAAA' }, 'NOERROR'],
    ['a candidate of the search list ends in NXDOMAIN', 'a.example.shop.svc.cluster.local', {}, 'NXDOMAIN'],
    ['and so does one below the zone alone', 'a.example.cluster.local', {}, 'NXDOMAIN'],
    ['svc and the zone itself are empty answers', 'svc.cluster.local', {}, 'NOERROR'],
    ['a pod by its address', '10-244-1-5.shop.pod.cluster.local', {}, '10.244.1.5'],
    ['services that nobody listed cannot be told', 'web.shop.svc.cluster.local', { services: undefined }, 'cannot tell'],
    ['outside names are forwarded', 'a.example', {}, '203.0.113.7'],
    ['a silent upstream server: SERVFAIL', 'a.example', { resolv: 'nameserver 192.0.2.54\n' }, 'SERVFAIL'],
    ['a loopback upstream server goes round', 'a.example', { resolv: 'nameserver 127.0.0.53\n' }, 'SERVFAIL'],
    ['no block for the zone: REFUSED', 'a.example', { corefile: 'cluster.local { whoami }\n' }, 'REFUSED'],
    ['no plugin that answers: SERVFAIL', 'a.example', { corefile: block('errors', 'cache') }, 'SERVFAIL'],
    [
      'the block of the longest zone',
      'x.b.example',
      { corefile: `b.example {\ntemplate ANY ANY { rcode REFUSED }\n}\n${block(FORWARD)}` },
      'REFUSED',
    ],
    ['another port is another server', 'a.example', { corefile: '.:5353 {\nforward . 192.0.2.53\n}\n' }, 'REFUSED'],
    ['hosts inline', 'x.corp', { corefile: block('hosts {', '10.1.1.1 x.corp', 'fallthrough', '}', FORWARD) }, '10.1.1.1'],
    ['hosts from the file', 'localhost', { corefile: block('hosts', FORWARD) }, '127.0.0.1'],
    ['hosts without fallthrough ends everything', 'a.example', { corefile: block('hosts', FORWARD) }, 'SERVFAIL'],
    ['and with it goes on', 'a.example', { corefile: block('hosts {', 'fallthrough', '}', FORWARD) }, '203.0.113.7'],
    [
      'hosts comes before kubernetes, wherever it stands',
      'web.shop.svc.cluster.local',
      { corefile: block('kubernetes cluster.local', 'hosts {', '10.1.1.1 web.shop.svc.cluster.local', 'fallthrough', '}') },
      '10.1.1.1',
    ],
    [
      'template hides IPv6',
      'a.example',
      { corefile: block('template ANY AAAA . {', 'rcode NOERROR', '}', FORWARD), type: 'AAAA' },
      'NOERROR',
    ],
    [
      'template makes a record',
      'ip-10-0-0-3.x',
      {
        corefile: block(
          'template IN A x {',
          'match ^ip-10-(?P<a>\\d+)-(?P<b>\\d+)-(?P<c>\\d+)\\.x\\.$',
          'answer "{{ .Name }} 60 IN A 10.{{ .Group.a }}.{{ .Group.b }}.{{ .Group.c }}"',
          '}',
        ),
      },
      '10.0.0.3',
    ],
    [
      'rewrite exact gives the asked name back',
      'old.example',
      { corefile: block('rewrite name old.example a.example', FORWARD) },
      '203.0.113.7',
    ],
    [
      'rewrite suffix without answer rule leaves the other name',
      'a.old',
      { corefile: block('rewrite name suffix .old .example', FORWARD) },
      'a.example 203.0.113.7',
    ],
    [
      'rewrite suffix with answer auto',
      'a.old',
      { corefile: block('rewrite name suffix .old .example answer auto', FORWARD) },
      '203.0.113.7',
    ],
    [
      'rewrite regex with answer name',
      'a.old',
      { corefile: block('rewrite stop {', 'name regex (.*)\\.old {1}.example', 'answer name (.*)\\.example {1}.old', '}', FORWARD) },
      '203.0.113.7',
    ],
    ['rewrite of the type', 'a.example', { corefile: block('rewrite type AAAA A', FORWARD), type: 'AAAA' }, '203.0.113.7'],
    ['forward with except goes past', 'a.example', { corefile: block('forward . 192.0.2.53 {', 'except example', '}') }, 'SERVFAIL'],
    [
      'autopath walks the search list',
      'a.example.shop.svc.cluster.local',
      { corefile: block('kubernetes cluster.local {', 'pods verified', '}', 'autopath @kubernetes', FORWARD), pod: 'shop' },
      'a.example, a.example 203.0.113.7',
    ],
    ['a plugin that is not modelled and may answer', 'a.example', { corefile: block('etcd example', FORWARD) }, 'cannot tell'],
    ['a Corefile that cannot be read: nobody is there', 'a.example', { corefile: '. {\nforward . 192.0.2.53\n' }, 'ECONNREFUSED'],
    ['an import of a snippet', 'a.example', { corefile: `(up) {\n${FORWARD}\n}\n${block('import up')}` }, '203.0.113.7'],
  ] as const)('%s', (_what, name, setup, expected) => {
    expect(ask(name, setup)).toBe(expected);
  });

  it('finds the loop, with its line', () => {
    const { view, world } = made({ resolv: 'nameserver 127.0.0.53\n' });
    expect(coreDnsLoop(world, view, parseCorefile(USUAL))).toEqual({ zone: '', server: '127.0.0.53', line: 11 });
  });

  it('takes names apart as parseRequest does', () => {
    expect(kubernetesRequest('_http._tcp.web.shop.svc.cluster.local', 'cluster.local')).toMatchObject({
      kind: 'service',
      service: 'web',
      endpoint: true,
    });
    expect(kubernetesRequest('shop.svc.cluster.local', 'cluster.local')).toMatchObject({ kind: 'namespace' });
    expect(kubernetesRequest('a.b.c.d.shop.svc.cluster.local', 'cluster.local')).toMatchObject({ kind: 'invalid' });
  });
});
