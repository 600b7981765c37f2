/** Logs of pods as a CRI runtime keeps them. */
import type { Lab } from '../lab.ts';

/** /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log with these lines, a second apart, the last one now. */
export const podLog = async (lab: Lab, pod: string, container: string, lines: readonly string[]): Promise<void> => {
  const now = Date.now();
  const text = lines
    .map((line, i) => `${new Date(now - (lines.length - 1 - i) * 1000).toISOString().replace('Z', '000000Z')} stderr F ${line}\n`)
    .join('');
  await lab.node.write(`/var/log/pods/kube-system_${pod}_0f6c1b1e-7f5c-4f0e-9b53-2d8a1c9f3e77/${container}/0.log`, text);
};
