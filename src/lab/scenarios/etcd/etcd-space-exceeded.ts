import { defineScenario } from '../../scenario.ts';
import { startEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'etcd-space-exceeded',
  title: { en: "etcd's database has reached its quota", zh: 'etcd 数据库达到配额' },
  story: {
    en: 'Writes are refused with a NOSPACE alarm; reads go on.',
    zh: '写入因 NOSPACE 告警被拒绝；读取仍正常。',
  },
  kind: 'failing',
  expects: { cause: 'etcd-space-exceeded', certainty: 'likely', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startEtcd(lab, ['--quota-backend-bytes', '200000']);
    const fill = `for i in $(seq 60); do v=$(head -c 9000 /dev/zero | base64 -w0); curl -s http://127.0.0.1:2379/v3/kv/put -d "{\\"key\\":\\"$(printf %04d $i | base64)\\",\\"value\\":\\"$v\\"}" | grep -q exceeded && exit 0; done; exit 1`;
    await lab.node.sh(fill);
  },
  show: [
    {
      command: 'curl -s http://127.0.0.1:2379/v3/kv/put -d \'{"key":"YQ==","value":"YQ=="}\'',
      expect: { exitStatus: 0, says: [/database space exceeded/] },
    },
    { command: 'curl -s http://127.0.0.1:2379/v3/maintenance/alarm -d \'{"action":"GET"}\'', expect: { exitStatus: 0, says: [/NOSPACE/] } },
    { command: 'tail -n 20 /var/log/etcd.log', expect: { exitStatus: 0 } },
  ],
});
