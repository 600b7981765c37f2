import { defineScenario } from '../../scenario.ts';
import { apiServerLog } from '../../stages/logs.ts';

export const scenario = defineScenario({
  id: 'healthy-start-up-noise',
  title: { en: 'refused connections in a log, from the first second only', zh: '日志里有连接被拒的记录，但只在启动的第一秒' },
  story: {
    en: 'kube-apiserver could not reach itself before it listened; since then it serves. Such lines are noise.',
    zh: 'kube-apiserver 开始监听之前连不上自己；之后一切正常。这样的日志只是噪声。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['docker'],
  target: [],
  async build(lab) {
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    const script = apiServerLog({ address: '[::1]:6443', error: 'connection refused', dies: false });
    await lab.dockerContainer({ name: 'kube-apiserver', command: ['sh', '-c', script] });
  },
  show: [
    { command: 'docker logs kube-apiserver 2>&1 | head -n 2', expect: { exitStatus: 0, says: [/connection refused/] } },
    { command: 'curl -sS http://localhost:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
