import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine } from './define-recogniser.ts';

type Json = Readonly<Record<string, unknown>>;
const object = (v: unknown): Json => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Json) : {});
const textOf = (v: unknown): string | undefined => (typeof v === 'string' && v !== '' ? v : undefined);

/** The plugins of a file: a list has them below "plugins", a single one is the file itself. Source: containernetworking/cni SPEC.md. */
function parsed(piece: Piece): readonly Json[] | undefined {
  try {
    const whole = object(JSON.parse(piece.lines.join('\n')));
    const plugins = whole['plugins'];
    return Array.isArray(plugins) ? plugins.map(object) : [whole];
  } catch {
    return undefined;
  }
}

function note(plugin: Json, piece: Piece, facts: EvidenceFacts): void {
  const at = (word: string): ReturnType<typeof sourceOf> => {
    const index = piece.lines.findIndex((one) => one.includes(word));
    return index < 0 ? sourceOf(piece) : sourceOf(piece, index);
  };
  const type = textOf(plugin['type']);
  if (type !== undefined) facts.observeMore('cni.config.types', [type], at(type));
  const bridge = textOf(plugin['bridge']);
  if (bridge !== undefined) facts.observe('cni.config.bridge', bridge, at(bridge));
  const ipam = object(plugin['ipam']);
  const ranges: readonly unknown[] = Array.isArray(ipam['ranges']) ? (ipam['ranges'] as readonly unknown[]).flat() : [];
  const [first] = ranges;
  const subnet = textOf(ipam['subnet']) ?? textOf(object(first)['subnet']);
  if (subnet !== undefined && subnet !== 'usePodCidr') facts.observe('cni.config.subnet', subnet, at(subnet));
}

/** A file of /etc/cni/net.d: which plugins, which bridge, which range. */
export const cniConfig = defineRecogniser({
  id: 'cni-config',
  title: { en: 'configuration of the CNI', zh: 'CNI 配置' },
  prose: true,
  wholeLines: true,
  names: /(?:^|\/)cni\/net\.d\/[^/]+\.conf(?:list)?$|^\d\d?-[a-z][\w-]*\.conf(?:list)?$/u,
  look: (lines) =>
    /^[ \t]*\{/u.test(lines.find((l) => l.trim() !== '') ?? '') &&
    lines.some((l) => l.includes('"type"')) &&
    lines.some((l) => l.includes('"cniVersion"') || l.includes('"ipam"')),
  read(piece, facts) {
    const plugins = parsed(piece);
    if (plugins === undefined) return new Set();
    for (const plugin of plugins) note(plugin, piece, facts);
    return 'all';
  },
});

/** What flanneld leaves for its plugin. Source: flannel-io/flannel pkg/subnet (WriteSubnetFile). */
export const flannelSubnet = defineRecogniser({
  id: 'cni-config-flannel-subnet',
  title: { en: 'subnet file of flannel', zh: 'flannel 的子网文件' },
  prose: true,
  names: /(?:^|\/)flannel\/subnet\.env$/u,
  look: (lines) => lines.some((l) => l.startsWith('FLANNEL_SUBNET=')),
  read: (piece, facts) =>
    eachLine(piece, (line, i) => {
      const subnet = /^FLANNEL_SUBNET=(\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2})/u.exec(line)?.[1];
      if (subnet !== undefined) facts.observe('cni.config.subnet', subnet, sourceOf(piece, i));
      return /^FLANNEL_[A-Z]+=/u.test(line);
    }),
});
