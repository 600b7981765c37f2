import { nodeProgram } from '../../programs/node-program.ts';
import { tcpListener } from '../../programs/tcp-listener.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-firewalld-with-ports',
  title: { en: 'firewalld with the ports of the cluster open', zh: '已放行集群端口的 firewalld' },
  story: {
    en: 'It runs, and its zone allows the API port.',
    zh: '它在运行，且其区域已放行 API 端口。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
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
    tcp dport 6443 ct state new accept
    tcp dport 22 ct state new accept
  }
}
`,
    );
    await lab.node.sh('nft -f /run/firewalld.nft');
  },
  show: [{ command: 'nft list ruleset', expect: { exitStatus: 0, says: [/6443/] } }],
});
