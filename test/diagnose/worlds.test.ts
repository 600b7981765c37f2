/**
 * Random worlds: where every modelled client succeeds there is no verdict; where one edit breaks something, the smallest remedy of the
 * first verdict makes every client succeed again. CULPRIT_WORLDS=10000 runs more of them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import { applyToNode } from '../../src/remedy/apply-to-node.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../support/small-node.ts';

const MINUTES = 30 * 60_000;
const RUNS = Number(process.env['CULPRIT_WORLDS'] ?? 400);

interface World {
  readonly ipv4: string;
  readonly ipv6: string | undefined;
  readonly extra: readonly string[];
  readonly crlf: boolean;
  readonly nsswitch: string;
  readonly multi: string | null;
  readonly loIpv6: boolean;
}

const world = fc.record<World>({
  ipv4: fc.constantFrom(
    '127.0.0.1 localhost',
    '127.0.0.1\tlocalhost localhost.localdomain',
    '  127.0.0.1   LOCALHOST node1',
    '127.0.0.1 node1 localhost # own',
  ),
  ipv6: fc.constantFrom(undefined, '::1 localhost ip6-localhost', '::1 ip6-localhost ip6-loopback'),
  extra: fc.subarray(['# a remark', '', '10.0.0.5 registry.corp registry', 'fe00::0 ip6-localnet', '127.0.1.1 node1']),
  crlf: fc.boolean(),
  nsswitch: fc.constantFrom(
    'hosts: files dns\n',
    'passwd: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n',
    'hosts: files dns myhostname\n',
    'hosts:files dns\n',
  ),
  multi: fc.constantFrom('multi on\n', 'multi off\n', null),
  loIpv6: fc.boolean(),
});

const hostsOf = (w: World): string => {
  const lines = [w.ipv4, ...(w.ipv6 === undefined ? [] : [w.ipv6]), ...w.extra];
  return lines.join(w.crlf ? '\r\n' : '\n') + (w.crlf ? '\r\n' : '\n');
};

const nodeOf = (w: World, hosts: string, nsswitch = w.nsswitch, loUp = true): NodeFacts =>
  smallNode({
    views: [smallView({ text: { '/etc/hosts': hosts, '/etc/nsswitch.conf': nsswitch, '/etc/host.conf': w.multi } })],
    netns: [smallNetns({ ipv6: w.loIpv6, loUp })],
  });

const run = (node: NodeFacts): ReturnType<typeof diagnose> => diagnose(smallSnapshot(node), { causes, clients });

/** One edit each, as provisioning scripts and editors make them. */
const BREAKS: Readonly<Record<string, (w: World) => NodeFacts>> = {
  'localhost leaves the IPv4 line': (w) => nodeOf(w, hostsOf({ ...w, ipv4: '127.0.0.1 node1', ipv6: '::1 localhost' })),
  'every localhost is gone': (w) => nodeOf(w, hostsOf({ ...w, ipv4: '127.0.0.1 node1', ipv6: undefined })),
  'a byte order mark comes first': (w) =>
    nodeOf({ ...w, ipv6: undefined }, `\uFEFF${hostsOf({ ...w, ipv4: '127.0.0.1 localhost', ipv6: undefined })}`),
  'a no-break space stands in the line': (w) =>
    nodeOf({ ...w, ipv6: undefined }, hostsOf({ ...w, ipv4: '127.0.0.1\u00A0localhost', ipv6: undefined })),
  'lo goes down': (w) => nodeOf(w, hostsOf(w), w.nsswitch, false),
};

describe('random worlds', () => {
  test(
    'that are healthy give no verdict',
    () => {
      fc.assert(
        fc.property(world, (w) => {
          const diagnosis = run(nodeOf(w, hostsOf(w)));
          fc.pre(diagnosis.failing.length === 0);
          expect(diagnosis.verdicts.map((v) => v.cause)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    MINUTES,
  );

  test(
    'that one edit breaks are mended by the smallest remedy of the first verdict',
    () => {
      fc.assert(
        fc.property(world, fc.constantFrom(...Object.keys(BREAKS)), (w, edit) => {
          const node = BREAKS[edit]?.(w) ?? smallNode();
          const diagnosis = run(node);
          fc.pre(diagnosis.failing.length > 0);
          const [first] = diagnosis.verdicts;
          expect(first?.certainty, edit).toBe('proved');
          const after = run(applyToNode(node, first?.remedies[0]?.edits ?? []));
          expect(after.failing, `${edit}: ${first?.cause ?? ''} ${first?.remedies[0]?.id ?? ''}`).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    MINUTES,
  );
});
