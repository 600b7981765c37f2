import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'ufw-active',
  title: { en: 'ufw drops what other nodes send to the API port', zh: 'ufw 丢弃其他节点发往 API 端口的流量' },
  story: {
    en: 'Only ssh is allowed; the policy of INPUT is DROP.',
    zh: '只允许 ssh；INPUT 的策略为 DROP。',
  },
  kind: 'failing',
  expects: { cause: 'ufw-active', certainty: 'likely', exitStatus: 1 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.listen({ title: 'kube-apiserver', port: 6443, address: '0.0.0.0' });
    await lab.node.write('/etc/ufw/ufw.conf', 'ENABLED=yes\nLOGLEVEL=low\n');
    await lab.node.sh(`iptables -P INPUT DROP; iptables -N ufw-before-input; iptables -N ufw-user-input
iptables -A INPUT -j ufw-before-input; iptables -A ufw-before-input -i lo -j ACCEPT
iptables -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A ufw-before-input -j ufw-user-input
iptables -A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT`);
  },
  show: [{ command: 'iptables -S INPUT', expect: { exitStatus: 0, says: [/-P INPUT DROP/] } }],
});
