import { evidenceTable } from './_support/evidence-table.ts';

const serviceUnreachable =
  '==> coredns <==\nE0101 10:00:00.000000 1 reflector.go:1] Failed to list *v1.Service: Get "https://10.43.0.1:443/api/v1/services": dial tcp 10.43.0.1:443: connect: no route to host\n';
const serverTimesOut =
  '==> k3s-agent <==\nlevel=error msg="failed to get CA certs: Get https://192.0.2.10:6443/cacerts: dial tcp 192.0.2.10:6443: i/o timeout"\n';

evidenceTable({
  'firewalld-active': {
    finds: [
      `${serviceUnreachable}\n==> facts <==\nfirewalld: active\n`,
      { text: serviceUnreachable, as: 'possible' },
      '==> facts <==\nnote: it works after firewalld was stopped\nfirewalld: running\nsymptom: pods cannot reach the service address\n',
    ],
    clears: [`${serviceUnreachable}\n==> facts <==\nfirewalld: stopped\n`],
    cannotTell: [
      '\t[WARNING Firewalld]: firewalld is active, please ensure ports [6443 10250] are open or your cluster may not function correctly\n',
    ],
  },
  'ufw-active': {
    finds: [
      'kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.4 DST=192.0.2.5 PROTO=TCP SPT=40000 DPT=6443 WINDOW=64240\n',
      '==> facts <==\nufw: active\nsymptom: pods cannot reach the API service\n',
    ],
    clears: ['==> facts <==\nufw: inactive\nsymptom: pods cannot reach the API service\n'],
    cannotTell: ['$ ufw status\nStatus: active\n'],
  },
  'forward-policy-drop': {
    finds: [
      '$ iptables -L FORWARD -nv\nChain FORWARD (policy DROP 1212 packets, 73K bytes)\n\n==> facts <==\nsymptom: pods cannot reach pods on another node\n',
      { text: '==> facts <==\nforward_policy: DROP\n', as: 'possible' },
    ],
    clears: ['$ iptables -S FORWARD\n-P FORWARD ACCEPT\n'],
    cannotTell: ['$ iptables -S FORWARD\n-P FORWARD DROP\n'],
  },
  'firewall-reload-flushed-docker-chains': {
    finds: [
      'driver failed programming external connectivity on endpoint web: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80 -j DNAT: iptables: No chain/target/match by that name.\n',
    ],
    clears: ['iptables: No chain/target/match by that name.\n'],
    cannotTell: ['==> facts <==\nnote: firewalld was restarted after docker\n'],
  },
  'vxlan-udp-blocked': {
    finds: ['==> facts <==\nudp_8472: blocked between the nodes\n'],
    clears: ['==> facts <==\npods_reach_pods_on_other_nodes: yes\n'],
    cannotTell: ['==> app <==\ndial tcp 10.42.3.7:8080: i/o timeout\n'],
  },
  'rke-port-check-failed': {
    finds: [
      'FATA[0042] [network] Host [192.0.2.4] is not able to connect to the following ports: [192.0.2.5:2379]. Please check network policies and firewall rules\n',
    ],
    clears: ['INFO[0042] [network] Port listener containers deployed successfully\n'],
    cannotTell: ['==> facts <==\nnote: the rke port check fails\n'],
  },
  'cloud-security-group': {
    finds: [`${serverTimesOut}\n==> facts <==\nnote: the AWS security group allows port 22 only\n`],
    clears: [serverTimesOut],
    cannotTell: [`${serverTimesOut}\n==> facts <==\ncloud: AWS\n`],
  },
  'node-port-blocked': {
    finds: ['==> facts <==\nport_6443_reachable: false\n', serverTimesOut],
    clears: [
      '==> kube-apiserver <==\nUnable to perform initial IP allocation check: Get https://localhost:6443/api/v1/services: dial tcp 192.0.2.77:6443: i/o timeout\n',
      '==> facts <==\nport_6443_reachable: true\n',
    ],
    cannotTell: [
      '==> etcd <==\ndial tcp 192.0.2.5:2380: i/o timeout\n',
      '==> k3s-agent <==\nlevel=error msg="failed to get CA certs: EOF"\n',
    ],
  },
});
