/** The filter lies outside the node. Source: rancher docs port-requirements; clouds' security groups. */
import { all, any, ask, evidenceCause, observed, on, stated, t, textual } from '../_checks/index.ts';
import { nodePortDropped, portUnreachable, someTrafficFails } from './_reachability.ts';

const group = stated({
  whole:
    /security[ _-]?groups?|\bnsg\b|network acl|cloud firewall|vpc firewall|firewall rules? (?:of|in|at) the (?:cloud|provider|hoster)|hetzner firewall|provider('s)? firewall/i,
});
const inCloud = any(
  observed('cloud', textual(/[a-z]/)),
  stated({
    key: /^cloud|provider|hosted|platform/,
    value: /aws|ec2|azure|gcp|google|hetzner|openstack|digital ?ocean|alibaba|oracle cloud|linode|ovh|vultr/i,
  }),
);

export const cloudSecurityGroup = evidenceCause({
  id: 'cloud-security-group',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t('A security group outside the node drops the packets', '节点之外的安全组丢弃了数据包'),
  mechanism: t(
    'The cloud filters before the packet reaches the node: the sender sees it leave, the receiver never sees it come, and no rule on either node drops it.',
    '云平台在数据包到达节点之前进行过滤：发送方看到它发出，接收方从未收到，而两侧节点上都没有丢弃它的规则。',
  ),
  summary: t('A rule of the cloud, not of the node, drops the packets.', '丢弃数据包的是云平台的规则，而不是节点。'),
  sources: ['rancher docs: port-requirements'],
  lookAlikes: ['node-port-blocked', 'firewalld-active', 'vxlan-udp-blocked'],
  confirm: [
    {
      when: all(group, someTrafficFails),
      grade: 'direct',
      says: t('A security group is named, and connections between nodes fail.', '提到安全组，且节点间连接失败。'),
    },
    {
      when: group,
      grade: 'strong',
      says: t('A security group or another filter of the cloud is named.', '提到安全组或云平台的其他过滤规则。'),
    },
    {
      when: all(inCloud, any(nodePortDropped, portUnreachable)),
      grade: 'weak',
      says: t('The node is in a cloud, and a port of another node gives no answer.', '节点在云上，且其他节点的端口没有应答。'),
    },
  ],
  refute: [
    {
      when: any(on('path.overlay-packets-arrive')),
      says: t('A capture at the receiver shows the packets.', '接收端抓包能看到这些数据包。'),
    },
  ],
  asks: [
    ask(
      'Does a capture at the receiver show the packets, and which ports does the security group admit?',
      '接收端抓包能否看到这些数据包？安全组放行了哪些端口？',
      'tcpdump -ni any tcp port 6443 or udp port 8472',
    ),
  ],
  remedies: [
    {
      id: 'security-group-rule',
      title: t('Add the rule to the security group, for the nodes as source', '在安全组中添加规则，来源限定为各节点'),
      risk: t('Exposes the port to that source.', '端口对该来源开放。'),
      safety: 'needs-a-person',
      verify: ['nc -vz -w 3 ADDRESS 6443'],
    },
  ],
});
