import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'port-in-use': {
    finds: ['\t[ERROR Port-10250]: Port 10250 is in use\n', '==> etcd <==\nlisten tcp 192.0.2.4:2380: bind: address already in use\n'],
    clears: ['==> etcd <==\nlisten tcp 192.0.2.4:2380: bind: cannot assign requested address\n'],
    cannotTell: ['==> facts <==\nnote: apache listens on port 80\n'],
  },
  'nodeport-range-overlaps-ephemeral': {
    finds: [
      {
        text: '==> kubelet <==\nlisten tcp 0.0.0.0:10250: bind: address already in use\n\n$ sysctl net.ipv4.ip_local_port_range\nnet.ipv4.ip_local_port_range = 1024\t65535\n',
        as: 'possible',
      },
    ],
    clears: ['$ sysctl net.ipv4.ip_local_port_range\nnet.ipv4.ip_local_port_range = 32768\t60999\n'],
    cannotTell: ['$ sysctl net.ipv4.ip_local_port_range\nnet.ipv4.ip_local_port_range = 1024\t65535\n'],
  },
  'webhook-no-endpoints': {
    finds: [
      'Internal error occurred: failed calling webhook "validate.example.org": failed to call webhook: Post "https://hook.ns.svc:443/validate?timeout=10s": no endpoints available for service "hook"\n',
    ],
    clears: [
      'Internal error occurred: failed calling webhook "validate.example.org": Post "https://hook.ns.svc:443/validate": dial tcp 10.43.7.8:443: connect: connection refused\n\n==> facts <==\nwebhook_pods: running\n',
    ],
    cannotTell: [
      'failed calling webhook "validate.example.org": Post "https://hook.ns.svc:443/validate?timeout=10s": context deadline exceeded\n',
    ],
  },
});
