/** Logs of pods as a CRI runtime keeps them. */
import type { Lab } from '../lab.ts';

/** /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log with these lines, a second apart, the last one now; before them `old` ones of two days ago. */
export const podLog = async (
  lab: Lab,
  pod: string,
  container: string,
  lines: readonly string[],
  old: readonly string[] = [],
): Promise<void> => {
  const now = Date.now();
  const age = (i: number): number => (lines.length + old.length - 1 - i) * 1000 + (i < old.length ? 2 * 86_400_000 : 0);
  const text = [...old, ...lines]
    .map((line, i) => `${new Date(now - age(i)).toISOString().replace('Z', '000000Z')} stderr F ${line}\n`)
    .join('');
  await lab.node.write(`/var/log/pods/kube-system_${pod}_0f6c1b1e-7f5c-4f0e-9b53-2d8a1c9f3e77/${container}/0.log`, text);
};
