/**
 * The second article's stage: 169.254.169.250 is the DNS server and the metadata service of Rancher 1.x containers. Only that server
 * knows the name rancher-metadata; the node's own DNS does not.
 */
import type { Lab } from '../lab.ts';
import { startDnsServer } from '../dns-server.ts';

export const METADATA_ADDRESS = '169.254.169.250';
export const METADATA_RESOLV_CONF = `search rancher.internal\nnameserver ${METADATA_ADDRESS}\n`;

export const startRancherMetadata = async (lab: Lab): Promise<void> => {
  await lab.node.sh('ip addr add "$1/32" dev lo', METADATA_ADDRESS);
  await startDnsServer(lab.node, {
    name: 'rancher-dns',
    addresses: [METADATA_ADDRESS],
    records: [
      ['rancher-metadata', METADATA_ADDRESS],
      ['rancher-metadata.rancher.internal', METADATA_ADDRESS],
    ],
  });
  await lab.listen({ title: 'rancher-metadata', port: 80, address: METADATA_ADDRESS, reply: '2016-07-29\n' });
};
