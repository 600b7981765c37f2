import { defineScenario } from '../../scenario.ts';
import { runEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'etcd-quorum-lost',
  title: { en: 'two of three etcd members are gone', zh: '三个 etcd 成员失去了两个' },
  story: {
    en: 'The one that is left calls elections that nobody answers; the API server gets no leader.',
    zh: '剩下的一个不断发起无人应答的选举；API server 找不到 leader。',
  },
  kind: 'failing',
  expects: { cause: 'etcd-quorum-lost', certainty: 'possible', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await runEtcd(
      lab,
      [
        '--name',
        'a',
        '--listen-peer-urls',
        'http://127.0.0.1:2380',
        '--initial-advertise-peer-urls',
        'http://127.0.0.1:2380',
        '--initial-cluster',
        'a=http://127.0.0.1:2380,b=http://10.240.0.35:2380,c=http://10.240.0.36:2380',
        '--election-timeout',
        '300',
        '--heartbeat-interval',
        '60',
      ],
      { seconds: 5 },
    );
  },
  show: [
    {
      command: 'grep -v "^{" /var/log/etcd.log | tail -n 40; grep -c . /var/log/etcd.log',
      expect: { exitStatus: 0, says: [/starting a new election|election/] },
    },
  ],
});
