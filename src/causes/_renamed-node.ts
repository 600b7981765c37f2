/** A machine that came up under another name than the one under which it had joined. */
import type { Test } from './_checks/index.ts';

/**
 * The kubelet under the old name of a node shows a certificate for another one that is in the list as well: the machine came up under a new
 * name, and the old object still points at it.
 */
export const renamedNode: Test = ({ node, symptoms }) => {
  const listed = node.observations['kube.nodes'];
  if (listed?.state !== 'known' || !Array.isArray(listed.value)) return { seen: 'unknown' };
  const ready = new Map(
    listed.value.flatMap((one: unknown): readonly (readonly [string, boolean])[] =>
      typeof one === 'object' && one !== null && 'name' in one && 'status' in one
        ? [[String(one.name), String(one.status).startsWith('Ready')]]
        : [],
    ),
  );
  for (const s of symptoms) {
    const { validFor, notFor } = s.details ?? {};
    if (s.operation !== 'tls' || typeof validFor !== 'string' || typeof notFor !== 'string' || ready.get(notFor) !== false) continue;
    const now = validFor.split(', ').find((name) => name !== notFor && ready.get(name) === true);
    const source = s.evidence[0];
    if (now !== undefined)
      return { seen: 'yes', kind: 'comparison', values: { old: notFor, now }, ...(source === undefined ? {} : { source }) };
  }
  return { seen: 'unknown' };
};
