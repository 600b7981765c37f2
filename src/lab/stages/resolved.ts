/** systemd-resolved's socket, and the name service module that asks it. */
import { installInside } from '../debian-package.ts';
import type { Lab } from '../lab.ts';
import { fakeResolved } from '../programs/fake-resolved.ts';
import { nodeProgram } from '../programs/node-program.ts';

export const NSSWITCH_RESOLVE = 'passwd: files\ngroup: files\nhosts: files resolve [!UNAVAIL=return] dns\n';

/** A service at resolved's socket under /run that knows these names and no others. */
export const startFakeResolved = async (lab: Lab, names: Readonly<Record<string, string>>): Promise<void> => {
  await installInside(lab.node, 'libnss-resolve');
  const socket = '/run/systemd/resolve/io.systemd.Resolve';
  await lab.node.sh('mkdir -p /run/systemd/resolve');
  await lab.node.start('systemd-resolved', nodeProgram(fakeResolved, { title: 'systemd-resolved', socket, names }), {
    ready: `test -S ${socket}`,
  });
};
