import { nodeProgram } from '../../programs/node-program.ts';
import { tcpListener } from '../../programs/tcp-listener.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'firewalld-active',
  title: { en: 'firewalld keeps the API port from other nodes', zh: 'firewalld 不允许其他节点访问 API 端口' },
  story: {
    en: 'Its zone knows ssh alone; whoever joins gets "no route to host".',
    zh: '其区域只允许 ssh；加入集群的节点会得到 “no route to host”。',
  },
  kind: 'failing',
  expects: { cause: 'firewalld-active', certainty: 'likely', exitStatus: 1 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.listen({ title: 'kube-apiserver', port: 6443, address: '0.0.0.0' });
    await lab.node.start('firewalld', nodeProgram(tcpListener, { title: 'firewalld', port: 41234, address: '127.0.0.1' }));
    await lab.node.write(
      '/run/firewalld.nft',
      `table inet firewalld {
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    jump filter_IN_public
    reject with icmpx admin-prohibited
  }
  chain filter_IN_public {
    # nothing of the cluster
    tcp dport 22 ct state new accept
  }
}
`,
    );
    await lab.node.sh('nft -f /run/firewalld.nft');
  },
  show: [{ command: 'nft list ruleset', expect: { exitStatus: 0, says: [/admin-prohibited/] } }],
});
