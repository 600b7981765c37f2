/** One machine's bridge carries an address that another machine's bridge or a system container has. Source: field knowledge; docker bip. */
import { asText, all, ask, evidenceCause, spokenKey, stated, statementsOf, t } from '../_checks/index.ts';
import type { Look, Test } from '../_checks/index.ts';

/** docker0's address lies with another machine too, as the peers' addresses show. */
const sameBip: Test = ({ node }): Look => {
  const bip = node.observations['docker.bip'];
  const peers = node.observations['docker.peer-bips'];
  if (bip?.state !== 'known' || peers?.state !== 'known' || !Array.isArray(peers.value)) return { seen: 'unknown' };
  const address = asText(bip.value).split('/')[0];
  return peers.value.some((one) => typeof one === 'string' && one.split('/')[0] === address)
    ? { seen: 'yes', kind: 'comparison', source: bip.source }
    : { seen: 'no', source: bip.source };
};

const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b/;
/** 'docker0 of host A: 192.0.2.1/24' beside 'container on host B: 192.0.2.1'. */
const toldTwice: Test = ({ node }): Look => {
  const told = statementsOf(node).flatMap((one) => {
    const address = ADDRESS.exec(one.value)?.[0];
    return address === undefined ? [] : [{ ...one, spoken: spokenKey(one.key), address }];
  });
  for (const bridge of told.filter((one) => /docker0|\bbip\b|bridge/.test(one.spoken) && !/gateway|route/.test(one.spoken))) {
    const other = told.find(
      (one) =>
        one.key !== bridge.key &&
        one.address === bridge.address &&
        /docker0|\bbip\b|bridge|container|metadata|other|peer|second/.test(one.spoken) &&
        !/gateway|route|default/.test(one.spoken),
    );
    if (other === undefined) continue;
    return {
      seen: 'yes',
      kind: 'comparison',
      values: { address: bridge.address },
      source: { kind: 'statement', key: bridge.key, text: `${bridge.key}: ${bridge.value}` },
    };
  }
  return { seen: 'unknown' };
};

export const bridgeAddressConflict = evidenceCause({
  id: 'bridge-address-conflict',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t(
    'Two machines, or a machine and a system container, use the same bridge address',
    '两台机器（或机器与系统容器）使用了相同的网桥地址',
  ),
  mechanism: t(
    'The local address always wins: packets for a peer or system container that has the address of the own docker0 never leave the machine. Each machine alone looks fine.',
    '本地地址总是优先：若对端或系统容器的地址与本机 docker0 相同，发往它的数据包永远不会离开本机。每台机器单独看都正常。',
  ),
  summary: t(
    'The address of the docker bridge is used elsewhere too, and that other place cannot be reached.',
    'docker 网桥的地址在别处也被使用，因而无法到达那里。',
  ),
  sources: ['docker daemon reference: bip', 'field knowledge'],
  lookAlikes: ['cidr-overlap', 'duplicate-machine-identity', 'metadata-route-conflict'],
  confirm: [
    {
      when: sameBip,
      grade: 'direct',
      says: t(
        'docker0 has the same address as on another machine that must be reached through the overlay.',
        'docker0 的地址与需经由隧道到达的另一台机器相同。',
      ),
    },
    {
      when: stated(
        {
          clause: [
            /docker0|\bbip\b|bridge (?:ip|address)|docker bridge/i,
            /\bboth\b|same|identical|equal|every host|all hosts|each host|two hosts|twice|duplicate/i,
            /host|machine|node|server/i,
          ],
        },
        {
          whole:
            /(?:same|equal|identical|duplicate|conflicting|clash|collid|share)[^.;]*(?:docker0|bridge|bip)[^.;]*|(?:docker0|bridge|bip)[^.;]*(?:same|equal|identical|duplicate|conflict|clash|collid|also (?:used|on)|as (?:the )?(?:other|another))/i,
        },
      ),
      grade: 'direct',
      says: t('It is stated that two machines use the same bridge address.', '陈述中提到两台机器使用相同的网桥地址。'),
    },
    {
      when: toldTwice,
      grade: 'direct',
      says: t('{address} is told for a bridge and for something elsewhere.', '{address} 既是某网桥的地址，也是别处的地址。'),
    },
    {
      when: all(
        stated({ key: /docker0|bip|bridge.?(?:ip|address)/ }),
        stated({ key: /other|peer|second|host ?[b2]|network.?(?:agent|services)/ }),
      ),
      grade: 'weak',
      says: t('Bridge addresses of several machines are given.', '给出了多台机器的网桥地址。'),
    },
  ],
  refute: [
    {
      when: stated({ whole: /(?:docker0|bridge|bip)[^.;]*(?:unique|differ|distinct)/i }),
      says: t('The bridge addresses are unique.', '网桥地址各不相同。'),
    },
  ],
  asks: [
    ask(
      'Which address has docker0 on each machine (bip), and is it the address of a system container elsewhere?',
      '各机器 docker0 的地址（bip）是多少？它是否是别处系统容器的地址？',
      'ip -4 addr show docker0   # on every machine',
    ),
  ],
  remedies: [
    {
      id: 'unique-bip',
      title: t('Give docker a bridge address that collides with nothing', '为 docker 设置不冲突的网桥地址'),
      risk: t('docker restarts, and its containers with it.', 'docker 及其容器会重启。'),
      safety: 'disruptive',
      command:
        'cp /etc/docker/daemon.json /etc/docker/daemon.json.culprit; printf \'{"bip":"FREE_ADDRESS/16"}\' > /etc/docker/daemon.json && systemctl restart docker',
      undo: 'cp /etc/docker/daemon.json.culprit /etc/docker/daemon.json && systemctl restart docker',
      verify: ['ip -4 addr show docker0', 'ping -c 1 PEER'],
    },
  ],
});
