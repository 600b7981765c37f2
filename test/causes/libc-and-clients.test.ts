import { evidenceTable } from './_support/evidence-table.ts';

evidenceTable({
  'go-resolver-vs-libc': {
    finds: [
      {
        text: '==> k3s-agent <==\ndial tcp: lookup srv.corp on 192.0.2.53:53: no such host\n\n==> facts <==\nping_of_srv.corp: resolves\nnote: getent srv.corp works on the host\n',
        as: 'possible',
      },
    ],
    clears: ['==> k3s-agent <==\ndial tcp: lookup srv.corp on 192.0.2.53:53: no such host\n'],
    cannotTell: [
      '==> k3s-agent <==\ndial tcp: lookup srv.corp on 192.0.2.53:53: no such host\n\n==> facts <==\nnote: curl by hand resolves the name and works\n',
    ],
  },
  'musl-resolver-differences': {
    finds: ['==> facts <==\nnote: only Alpine images fail to resolve\nservers: the two servers disagree\n'],
    clears: ["wget: bad address 'example.org'\n"],
    cannotTell: ['==> facts <==\nnote: only Alpine images fail to resolve the name\n'],
  },
  'musl-search-stops-at-empty-answer': {
    finds: ['==> facts <==\nnote: only Alpine images fail\nsearch_domain: its server gives an empty answer with NOERROR\n'],
    clears: ['$ nslookup example.org\nServer: 192.0.2.53\nName: example.org\nAddress: 192.0.2.80\n'],
    cannotTell: ["wget: bad address 'example.org'\n", "*** Can't find example.org.corp.lan: No answer\n"],
  },
  'ipv6-answers-without-ipv6-route': {
    finds: [
      { text: '==> containerd <==\nfailed to do request: dial tcp [2001:db8:1::5]:443: connect: network is unreachable\n', as: 'possible' },
    ],
    clears: ['==> containerd <==\nfailed to do request: dial tcp 203.0.113.5:443: i/o timeout\n'],
    cannotTell: ['==> containerd <==\nfailed to do request: dial tcp [2001:db8:1::5]:443: i/o timeout\n'],
  },
  'kubeconfig-points-to-localhost': {
    finds: [
      { text: 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n', as: 'possible' },
    ],
    clears: ['The connection to the server 192.0.2.4:6443 was refused - did you specify the right host or port?\n'],
    cannotTell: ['The connection to the server localhost:8080 was refused - did you specify the right host or port?\n'],
  },
  'rbac-forbidden': {
    finds: [
      '==> facts <==\nnote: the clusterrole binding is missing\n',
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"\n',
    ],
    clears: ['forbidden: User "system:anonymous" cannot get path "/healthz"\n', 'Post https://192.0.2.4:6443/apis: Forbidden\n'],
    cannotTell: [],
  },
  'join-server-url-wrong': {
    finds: ['==> rke2-agent <==\nlevel=fatal msg="failed to get CA certs: https://192.0.2.10:6443/cacerts: 401 Unauthorized"\n'],
    clears: ['==> rke2-agent <==\nlevel=info msg="Starting rke2 agent"\n'],
    cannotTell: ['==> k3s-agent <==\nlevel=error msg="failed to get CA certs: EOF"\n'],
  },
});
