import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'resolv-dangling-link-in-container',
  title: { en: "a container's resolv.conf is a link that leads nowhere", zh: '容器的 resolv.conf 是指向空处的链接' },
  story: {
    en: 'The container mounts /etc from the node, where resolv.conf is a link into /run, which it does not have.',
    zh: '容器挂载了节点的 /etc，其中 resolv.conf 是指向 /run 的链接，而容器里没有那个目录。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-dangling-link-in-container', alsoAccepted: ['resolv-empty-or-missing'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2', '--container', '{pid:agent}'],
  async build(lab) {
    await lab.node.sh(
      `mkdir -p /run/systemd/resolve; echo 'nameserver ${GATEWAY_ADDRESS}' > /run/systemd/resolve/resolv.conf; rm /etc/resolv.conf; ln -s ../run/systemd/resolve/resolv.conf /etc/resolv.conf`,
    );
    await lab.container({ name: 'agent', mounts: [{ source: '/etc', target: '/etc' }] });
  },
  show: [
    { command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { in: 'agent', command: 'cat /etc/resolv.conf', expect: { exitStatus: 1, says: [/No such file/] } },
    { in: 'agent', command: 'getent ahosts node2', expect: { exitStatus: 2 } },
  ],
});
