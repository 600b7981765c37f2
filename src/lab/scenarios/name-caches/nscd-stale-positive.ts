import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';

export const scenario = defineScenario({
  id: 'nscd-stale-positive',
  title: { en: 'the cache daemon keeps an address that is no longer true', zh: '缓存守护进程仍保留着已失效的地址' },
  story: {
    en: 'The service moved and DNS was changed; the daemon keeps the old address for an hour.',
    zh: '服务已迁移，DNS 已更新；守护进程却把旧地址保留一小时。',
  },
  kind: 'failing',
  expects: { cause: 'nscd-stale-positive', certainty: 'proved', exitStatus: 1 },
  needs: ['unscd'],
  target: ['app.example.com:8443'],
  async build(lab) {
    await lab.restartDns({ records: [['app.example.com', '10.240.0.99']] });
    await startUnscd(lab.node, { hostsCache: true });
    await lab.node.sh('getent ahosts app.example.com; getent hosts app.example.com; getent ahostsv4 app.example.com');
    await lab.addAddress('10.240.0.20');
    await lab.listen({ title: 'app', port: 8443, address: '10.240.0.20' }, lab.network);
    await lab.restartDns({ records: [['app.example.com', '10.240.0.20']] });
  },
  show: [
    { command: 'dig +short app.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.20/] } },
    { command: 'getent ahosts app.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.99/] } },
    { command: 'curl -sS http://10.240.0.20:8443/', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
