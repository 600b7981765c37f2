import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-ufw-with-ports',
  title: { en: 'ufw with the API port allowed', zh: '已放行 API 端口的 ufw' },
  story: {
    en: 'It is active, and a rule of its user lets the port in.',
    zh: '它已启用，且用户规则放行了该端口。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['iptables'],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.listen({ title: 'kube-apiserver', port: 6443, address: '0.0.0.0' });
    await lab.node.write('/etc/ufw/ufw.conf', 'ENABLED=yes\nLOGLEVEL=low\n');
    await lab.node.sh(`iptables -P INPUT DROP; iptables -N ufw-before-input; iptables -N ufw-user-input
iptables -A INPUT -j ufw-before-input; iptables -A ufw-before-input -i lo -j ACCEPT
iptables -A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A ufw-before-input -j ufw-user-input
iptables -A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT; iptables -A ufw-user-input -p tcp -m tcp --dport 6443 -j ACCEPT`);
  },
  show: [{ command: 'iptables -S ufw-user-input', expect: { exitStatus: 0, says: [/6443/] } }],
});
