/** Names in .local: the name service module mdns4_minimal and the daemon that it asks. */
import { installInside } from '../debian-package.ts';
import type { Lab } from '../lab.ts';
import { fakeAvahi } from '../programs/fake-avahi.ts';
import { nodeProgram } from '../programs/node-program.ts';

/** What Debian's libnss-mdns makes of nsswitch.conf. */
export const NSSWITCH_MDNS = 'passwd: files\ngroup: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n';

/** A daemon at avahi's socket that knows these names and no others. */
export const startFakeAvahi = async (lab: Lab, names: Readonly<Record<string, string>>): Promise<void> => {
  await installInside(lab.node, 'libnss-mdns');
  await lab.node.write('/etc/nsswitch.conf', NSSWITCH_MDNS);
  const socket = '/run/avahi-daemon/socket';
  await lab.node.sh('mkdir -p /run/avahi-daemon');
  await lab.node.start('avahi-daemon', nodeProgram(fakeAvahi, { title: 'avahi-daemon', socket, names }), { ready: `test -S ${socket}` });
};
