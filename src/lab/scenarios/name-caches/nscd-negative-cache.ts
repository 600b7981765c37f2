import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';

export const scenario = defineScenario({
  id: 'nscd-negative-cache',
  title: { en: 'the cache daemon remembers "unknown" for a name that exists now', zh: '缓存守护进程仍记着“未知”，而这个名字现在已存在' },
  story: {
    en: 'The name was asked for before its DNS record was made. The daemon keeps the old no for ten minutes; dig sees the record.',
    zh: '在 DNS 记录建立之前有人查过这个名字。守护进程把旧的否定答案保留十分钟；dig 则能看到记录。',
  },
  kind: 'failing',
  expects: { cause: 'nscd-negative-cache', certainty: 'proved', exitStatus: 1 },
  needs: ['unscd'],
  target: ['app.example.com'],
  async build(lab) {
    await startUnscd(lab.node, { hostsCache: true, negativeTtl: 600 });
    await lab.node.sh('getent ahosts app.example.com || :; getent hosts app.example.com || :');
    await lab.restartDns({ records: [['app.example.com', '10.240.0.20']] });
  },
  show: [
    { command: 'dig +short app.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.20/] } },
    { command: 'getent ahosts app.example.com', expect: { exitStatus: 2 } },
    { command: 'ping -c 1 app.example.com', expect: { exitStatus: 2, says: [/Name or service not known/] } },
  ],
});
