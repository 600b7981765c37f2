/** Run by tests inside a lab host: collects, then asks the same questions from a container's namespace and from the host's. */
import { collectSnapshot } from '../../../src/collect/collect.ts';
import { collectNeeds } from '../../../src/collect/collect-needs.ts';
import type { DnsQuestion } from '../../../src/facts/node-facts.ts';

const pid = Number(process.argv[2]);
const questions = JSON.parse(process.argv[3] ?? '[]') as readonly DnsQuestion[];
const snapshot = await collectSnapshot();
const netns = snapshot.node.views.find((v) => v.pid === pid)?.netns ?? '?';
const needs = [netns, 'host'].flatMap((n) => questions.map((question) => ({ kind: 'dns', netns: n, question }) as const));
const { node } = await collectNeeds(snapshot, needs);
process.stdout.write(
  JSON.stringify({ inner: node.dns.filter((d) => d.netns === netns), outer: node.dns.filter((d) => d.netns === 'host') }),
);
