import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { client as curl } from './curl.ts';

/** rancher/agent and rancher/rancher-agent: package/run.sh and the system agent's install.sh reach CATTLE_SERVER with curl. */
export const client: Client = {
  id: 'rancher-agent',
  title: { en: 'Rancher’s agent (curl to the server)', zh: 'Rancher agent（用 curl 访问服务器）' },
  program: 'curl',
  role: 'component',
  behaviour: say({ en: 'uses the curl of its image', zh: '使用其镜像中的 curl' }),
  presentIn: (_world, view) => {
    const isAgent =
      view.names.some((n) => n.includes('rancher-agent') || n.includes('cattle-cluster-agent') || n.includes('cattle-node-agent')) ||
      /rancher\/(?:rancher-)?agent/u.test(view.image ?? '');
    return isAgent ? true : view.kind === 'host' || view.image !== undefined ? false : undefined;
  },
  answer: (world, view, name, port, options) => ({ ...curl.answer(world, view, name, port, options), client: 'rancher-agent' }),
};
