import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'hosts-byte-order-mark',
  title: { en: 'a byte order mark hides the first line of the hosts file', zh: '字节顺序标记（BOM）使 hosts 文件首行失效' },
  story: {
    en: 'The file was saved by a Windows editor: three invisible bytes stand before 127.0.0.1 and make the address unreadable.',
    zh: '文件被 Windows 编辑器保存过：127.0.0.1 前面有三个看不见的字节，地址因此无法识别。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-bom-or-invisible-bytes', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', `\ufeff127.0.0.1 localhost localhost.localdomain\n${NODE_ADDRESS} ${NODE_NAME}\n`);
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'cat /etc/hosts', text: { en: 'looks right on screen', zh: '屏幕上看起来没问题' } },
    { command: 'head -c 3 /etc/hosts | od -An -tx1', expect: { exitStatus: 0, says: [/ef bb bf/] } },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
  ],
});
