/** Causes of names, clocks and proxies from outputs and logs as people paste them: other wordings, other programs, other ages. */
import { evidenceTable } from './_support/evidence-table.ts';

const apiserverCallsItself =
  'E0301 08:00:01.000001       1 reflector.go:138] Failed to watch *v1.Node: Get "https://[::1]:6443/api/v1/nodes": dial tcp [::1]:6443: connect: cannot assign requested address';
const curlIpv6 =
  '$ curl -v http://localhost:8081/\n*   Trying [::1]:8081...\n* Connected to localhost (::1) port 8081\n> GET / HTTP/1.1\n^C\n';
const curlIpv4 =
  '\n$ curl -v http://127.0.0.1:8081/\n*   Trying 127.0.0.1:8081...\n* Connected to 127.0.0.1 (127.0.0.1) port 8081\n< HTTP/1.1 200 OK\n';

evidenceTable({
  'lo-missing-ipv6-address': {
    finds: [
      `==> kube-apiserver <==\n${apiserverCallsItself}\n`,
      '==> facts <==\nnet.ipv6.conf.all.disable_ipv6: 1, set an hour ago\nsymptom: the API server calls [::1]:6443 and fails\n',
    ],
    clears: [
      '==> kube-apiserver <==\nGet "https://[::1]:6443/api/v1/nodes": dial tcp [::1]:6443: connect: connection refused\n',
      `$ ip addr show lo\n1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n    inet6 ::1/128 scope host\n\n==> kube-apiserver <==\n${apiserverCallsItself}\n`,
    ],
    cannotTell: [],
  },
  'localhost-ipv6-first-service-ipv4-only': {
    finds: [
      {
        text: "$ wget -O- http://localhost:9000/ready\nConnecting to localhost:9000 ([::1]:9000)\nwget: can't connect to remote host: Connection refused\n",
        as: 'possible',
      },
      {
        text: "$ docker exec web wget -qO- http://localhost:9000/ready\nwget: can't connect to remote host: Connection refused\n\n$ docker exec web wget -qO- http://127.0.0.1:9000/ready\nready\n",
        as: 'possible',
      },
      '$ nc -vz localhost 9000\nnc: connect to localhost (::1) port 9000 (tcp) failed: Connection refused\n\n$ curl http://127.0.0.1:9000/\nhello\n',
      '$ wget http://localhost:9000/\nResolving localhost (localhost)... ::1\nConnecting to localhost (localhost)|::1|:9000... failed: Connection refused.\n\n$ curl -s 127.0.0.1:9000\nhello\n',

      curlIpv6 + curlIpv4,
      { text: curlIpv6, as: 'possible' },
      '==> facts <==\ncurl localhost:8081: hangs at ::1\ncurl 127.0.0.1:8081: answers\n',
    ],
    clears: [
      curlIpv4,
      '$ curl -v http://localhost:8081/\n*   Trying [::1]:8081...\n* connect to ::1 port 8081 failed: Connection refused\n*   Trying 127.0.0.1:8081...\n* Connected to localhost (127.0.0.1) port 8081\n< HTTP/1.1 200 OK\n',
      `${curlIpv6}\n==> facts <==\nipv6: disabled\n`,
    ],
    cannotTell: [],
  },
  'localhost-shadowed-by-dns-search': {
    finds: [
      // The node's file is right; the program in the image asks DNS first.
      '==> kube-apiserver <==\nGet https://localhost:6443/api/v1/services: dial tcp 192.0.2.20:6443: getsockopt: connection refused\n\n==> /etc/hosts <==\n127.0.0.1 localhost\n',
      '==> facts <==\nlocalhost.<search domain>: resolves in the company DNS\n',
      '==> facts <==\nlocalhost.corp.example: 192.0.2.7\n',
    ],
    clears: [
      '==> kube-apiserver <==\nGet https://localhost:6443/api/v1/services: dial tcp 192.0.2.20:6443: connect: connection refused\n\n==> /etc/hosts <==\n127.0.0.1 localhost\n192.0.2.20 node1 localhost\n',
      '==> facts <==\nlocalhost.corp.example: NXDOMAIN\n',
    ],
    cannotTell: [],
  },
  'localhost-missing': {
    finds: [
      { text: '==> facts <==\nhosts file: written without loopback entries\n', as: 'possible' },

      {
        text: '==> facts <==\nhosts file of the node: the line 127.0.0.1 was deleted by a script\nhealth check by name: fails\n',
        as: 'likely',
      },
      { text: '==> facts <==\ngetent hosts localhost: no output\n', as: 'possible' },

      '==> kubelet <==\nlisten tcp: lookup localhost on 192.0.2.53:53: no such host\n\n==> /etc/hosts <==\n::1 localhost ip6-localhost\n192.0.2.4 node1\n',
      '==> kubelet <==\nlisten tcp: lookup localhost on 192.0.2.53:53: no such host\n\n==> /etc/hosts <==\n127.0.0.1 node1\n',
    ],
    clears: ['==> /etc/hosts <==\n::1 localhost ip6-localhost\n127.0.0.1 localhost\n'],
    cannotTell: [],
  },
  'resolv-search-root-domain': {
    finds: [
      '==> /run/systemd/resolve/resolv.conf <==\nnameserver 192.0.2.53\nsearch .\n\n==> facts <==\nalpine_pods: cannot resolve anything\n',
    ],
    clears: ['==> /run/systemd/resolve/resolv.conf <==\nnameserver 192.0.2.53\nsearch corp.example\n'],
    cannotTell: [],
  },
  'resolv-search-wildcard-hijack': {
    finds: [
      '$ kubectl exec web-1 -- cat /etc/resolv.conf\nsearch default.svc.cluster.local svc.cluster.local cluster.local 192.0.2.9.sslip.io\nnameserver 10.43.0.10\noptions ndots:5\n',
      '==> dnsmasq <==\ndnsmasq[7]: query[A] www.example.com.corp.test from 10.42.0.8\ndnsmasq[7]: reply www.example.com.corp.test is <CNAME>\ndnsmasq[7]: reply lb.corp.test is 192.0.2.7\n',
    ],
    clears: [
      // A chain of aliases of a content network: nobody asked for that name.
      '==> dnsmasq <==\ndnsmasq[7]: query[A] www.example.com from 10.42.0.8\ndnsmasq[7]: reply www.example.com is <CNAME>\ndnsmasq[7]: reply www.example.com.edge.example.net is 192.0.2.7\n',
      '==> dnsmasq <==\ndnsmasq[7]: query[A] www.example.com.corp.test from 10.42.0.8\ndnsmasq[7]: reply www.example.com.corp.test is NXDOMAIN\n',
      '$ cat /etc/resolv.conf\nsearch corp.test\nnameserver 192.0.2.53\n',
    ],
    cannotTell: [],
  },
  'nsswitch-hosts-without-files': {
    finds: [
      '==> facts <==\nimage: ships without nsswitch.conf\nthe Go program: asks DNS before the hosts file\n',
      '==> facts <==\nname server: gets queries for localhost\ncreating nsswitch.conf in the image: cures it\n',

      'go package net: hostLookupOrder(db.corp.test) = dns,files\n',
      '$ docker run --rm alpine:3.6 ls /etc/nsswitch.conf\nls: /etc/nsswitch.conf: No such file or directory\n\n==> facts <==\nsymptom: queries for localhost go to DNS, the hosts file is ignored\n',
    ],
    clears: ['go package net: hostLookupOrder(db.corp.test) = files,dns\n'],
    cannotTell: [],
  },
  'proxy-catches-internal-traffic': {
    finds: [
      'Error from server: Get "https://192.0.2.14:10250/containerLogs/shop/web-1/web": Forbidden\n',
      'E0301 08:00:00.000001 1 status.go:71] apiserver received an error that is not an metav1.Status: Get "https://worker-3:10250/pods": Service Unavailable\n',
      'Error: Get https://10.43.0.1:443/api?timeout=32s: Bad Gateway\n',

      'grpc: addrConn failed to connect to {0.0.0.0:2379 0  <nil>}. Err: connection error: desc = "transport: Error while dialing failed to do connect handshake, response: \\"HTTP/1.1 403 Forbidden"\n',
      'Get https://10.99.32.11:443/apis: proxyconnect tcp: dial tcp 192.0.2.5:3128: i/o timeout\n',
      'Get "https://kubernetes.default.svc:443/api": proxyconnect tcp: EOF\n',
    ],
    clears: [
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods"\n',
      'Head "https://registry.example.com/v2/app/manifests/1": Forbidden\n',

      'Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 192.0.2.5:3128: i/o timeout\n',
      'Get https://10.99.32.11:443/apis: dial tcp 10.99.32.11:443: i/o timeout\n',
    ],
    cannotTell: [],
  },
  'clock-skew': {
    finds: [
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\nchronyc tracking: clock synchronized: no\nclock offset: -2h\n',
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\nsystem clock: in 2017\n',
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\nhwclock: none\n',

      'x509: certificate has expired or is not yet valid\n\n==> facts <==\ntime on the worker: 2019-03-01\ntime on the master: 2021-06-05\n',
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\nlaptop: was suspended over the holidays\n',
      'x509: certificate has expired or is not yet valid\n\n==> facts <==\nntp service: not running\n',

      '$ date\nThu Jan  1 00:03:11 UTC 1970\n',
      "FATA[1980-01-01T00:01:02.1Z] server time isn't set properly: 1980-01-01 00:01:02\n",
      'Unable to connect to the server: x509: certificate has expired or is not yet valid\n\n==> facts <==\nboard: no battery for the clock\nservice: starts before ntpd has set the time\n',
      {
        text: '==> facts <==\nboard: has no RTC\nsymptom: x509 certificate has expired or is not yet valid after each power cut\n',
        as: 'possible',
      },

      '$ openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -dates\nnotBefore=Mar  2 23:31:00 2024 GMT\nnotAfter=Mar  2 23:31:00 2025 GMT\n\n$ date\nSat Mar  2 13:31:12 EST 2024\n',
      'product: k3s v1.28.4+k3s1\n\n==> k3s <==\ntime="2019-01-01T00:00:30Z" level=error msg="Get \\"https://127.0.0.1:6443/cacerts\\": x509: certificate has expired or is not yet valid"\n',
      'Unable to connect to the server: x509: certificate has expired or is not yet valid\n\n==> facts <==\nafter the power cut: the system time went back to 2001\n',
    ],
    clears: [
      '$ openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -dates\nnotBefore=Mar  2 10:31:00 2024 GMT\nnotAfter=Mar  2 10:31:00 2025 GMT\n\n$ date\nSat Mar  2 13:31:12 EST 2024\n',
      'product: k3s v1.28.4+k3s1\n\n==> k3s <==\ntime="2024-01-01T00:00:30Z" level=error msg="Get \\"https://127.0.0.1:6443/cacerts\\": dial tcp 127.0.0.1:6443: connect: connection refused"\n',
    ],
    cannotTell: [],
  },
  'cert-expired': {
    finds: [
      { text: '==> facts <==\ncertificate of the API server valid until: March 3 2020\ntoday: 2020-03-09\n', as: 'possible' },
      '$ kubectl get pods\nNAME    READY   STATUS   RESTARTS   AGE\nweb-1   0/1     Error    12         1y14d\n\npanic: Get https://10.43.0.1:443/api: x509: certificate has expired or is not yet valid\n',

      '$ openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -dates\nnotBefore=Mar  2 10:31:00 2022 GMT\nnotAfter=Mar  2 10:31:00 2023 GMT\n\n$ date -u\nSat Mar  4 13:31:12 UTC 2023\n\nUnable to connect to the server: x509: certificate has expired or is not yet valid\n',
    ],
    clears: [
      // Old by today's calendar, young by the clock that the text shows.
      '$ openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -dates\nnotBefore=Mar  2 10:31:00 2022 GMT\nnotAfter=Mar  2 10:31:00 2023 GMT\n\n$ date -u\nFri Mar  4 13:31:12 UTC 2022\n',
    ],
    cannotTell: [],
  },
  'hostname-uppercase': {
    finds: [
      '==> facts <==\nserver name: BOX7\nname in kubectl get nodes: box7\n',

      'Failed to get kubernetes node [Worker-1]: "Worker-1" not found\n',
      'leases.coordination.k8s.io "box-a" is forbidden: User "system:node:Box-A" cannot get resource "leases" in API group "coordination.k8s.io": can only access node lease with the same name as the requesting node\n',
      {
        text: 'root@Box-A:~# kubectl get nodes\nNAME    STATUS   ROLES    AGE   VERSION\nbox-a   Ready    master   3m    v1.27.1\n',
        as: 'possible',
      },
      '==> facts <==\nnode names in the inventory: upper case\nregistered nodes: lower case\n',
      "inspect: this machine's hostname contains capital letters and/or underscores\n",
    ],
    clears: [
      'root@box-a:~# kubectl get nodes\nNAME    STATUS   ROLES    AGE   VERSION\nbox-a   Ready    master   3m    v1.27.1\n',
      "inspect: this machine's hostname is fine\n",
    ],
    cannotTell: [],
  },
  'ssh-user-not-in-docker-group': {
    finds: [
      'ssh: rejected: administratively prohibited (open failed)\n\n==> facts <==\nputting the user into the docker group: helped\n',

      {
        text: "Failed to set up SSH tunneling for host [192.0.2.4]: Can't retrieve Docker Info: ssh: rejected: administratively prohibited (open failed)\n\n==> facts <==\nssh_user: rancher\n",
        as: 'possible',
      },
    ],
    clears: [],
    // Four reasons, one text: it asks for what parts them.
    cannotTell: [
      "Failed to set up SSH tunneling for host [192.0.2.4]: Can't retrieve Docker Info: ssh: rejected: administratively prohibited (open failed)\n",
    ],
  },
  'resolv-loopback-stub-inherited': {
    finds: [
      '==> /etc/resolv.conf (of the pod) <==\nnameserver 127.0.0.53\n\n==> facts <==\nlook-ups in pods: fail\n',

      "$ kubectl exec web-1 -- nslookup example.org\nnslookup: write to '127.0.0.53': Connection refused\n;; connection timed out; no servers could be reached\n",
      '==> facts <==\nfile that kubelet hands out: /etc/resolv.conf\nname server in it: 127.0.0.53\ninside pods: not reachable\n',

      "ERROR: DNS Checking loopback IP address 127.0.0.0/8, localhost or ::1 configured as the DNS server on the host file /etc/resolv.conf, can't accept it\n",
    ],
    clears: [
      '==> facts <==\nname server of the node: 127.0.0.53\npods: all running\n',
      '\t[WARNING Hostname]: hostname "node-3": lookup node-3 on 127.0.0.53:53: server misbehaving\n',
    ],
    cannotTell: [],
  },
  'port-in-use': {
    finds: [{ text: '$ ss -ltnp\nLISTEN 0 128 0.0.0.0:6443 0.0.0.0:* users:(("haproxy",pid=9,fd=4))\n', as: 'possible' }],
    clears: ['$ ss -ltnp\nLISTEN 0 128 0.0.0.0:8080 0.0.0.0:* users:(("server",pid=9,fd=4))\n'],
    cannotTell: [],
  },
  'agent-ca-checksum-mismatch': {
    finds: [
      'Configured cacerts checksum does not match given\n',
      'https://rancher.example.com/v3/settings/cacerts does not match the checksum\n',

      {
        text: 'product: rancher 2.6.4\n\n==> facts <==\nca_of_rancher: renewed last week\nsymptom: x509 errors in the provisioner\n',
        as: 'possible',
      },
    ],
    clears: ['product: rancher 2.6.4\n\n==> facts <==\nsymptom: x509 errors in the provisioner\n'],
    cannotTell: [],
  },
  'name-only-in-mdns': {
    finds: [
      'curl -sfL https://get.k3s.io | K3S_URL=https://pi-server.local:6443 K3S_TOKEN=x sh -\n\n==> facts <==\nping pi-server.local: works\n',
    ],
    clears: ['curl -sfL https://get.k3s.io | K3S_URL=https://192.0.2.7:6443 K3S_TOKEN=x sh -\n\n==> facts <==\nping 192.0.2.7: works\n'],
    cannotTell: [],
  },
  'host-cannot-resolve-cluster-names': {
    finds: [
      '==> facts <==\nceph volume server: mon.storage.svc.cluster.local\nmount with the address: works\n',
      '==> facts <==\nimage registry: registry.infra.svc:5000\ndocker on the node: no such host\n',

      '==> facts <==\nvolume: the kubelet cannot find nfs.storage.svc.cluster.local\nping from a pod: answers\n',

      '==> facts <==\nfailing_name: pvc-1.storage.svc.cluster.local\nnode resolv.conf: does not name the cluster DNS\n',
      {
        text: 'Output: mount.nfs: Failed to resolve server files-1: Name or service not known\n',
        as: 'possible',
      },
    ],
    clears: [
      '==> facts <==\nnode: cannot resolve registry.example.com\npods on the node: resolve it\n',
      '==> facts <==\nfailing_name: files-1\nnode: not Ready\n',
    ],
    cannotTell: [],
  },
  'resolv-no-usable-nameserver': {
    finds: [
      '==> facts <==\nnode: cannot resolve registry.example.com\npods on it: resolve it\n',
      { text: '==> facts <==\nname server of the node: an old machine that is gone\nping by address: works\n', as: 'possible' },
    ],
    clears: [
      'MountVolume.SetUp failed for volume "home" : mount failed: exit status 1\nOutput: mount.nfs: Failed to resolve server files-1: Name or\nservice not known\n',
    ],
    cannotTell: [],
  },
  'ssh-rsa-sha1-rejected': {
    finds: [
      'ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n\n==> facts <==\nrelease of the nodes: Rocky 9\necdsa key: accepted\n',
      'ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n\n==> facts <==\nnodes: upgraded from Debian 11 to Debian 12\n',

      {
        text: 'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n\n==> facts <==\nrocky linux 9 nodes: refused\nrocky linux 8 nodes: fine\n',
        as: 'possible',
      },

      'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n\n==> facts <==\nnode os: Ubuntu 22.04\nssh from the shell with the same key: works\n',
    ],
    clears: [],
    cannotTell: ['ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n'],
  },
  'ssh-key-or-user-wrong': {
    finds: [
      {
        text: 'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n\n==> facts <==\npublic key: missing in authorized_keys\n',
        as: 'possible',
      },
    ],
    clears: [],
    cannotTell: ['ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n'],
  },
  'musl-search-stops-at-empty-answer': {
    finds: [
      '$ kubectl exec web-1 -- cat /etc/resolv.conf\nsearch a.svc.cluster.local svc.cluster.local cluster.local hoster.example\nnameserver 10.43.0.10\noptions ndots:5\n\n==> facts <==\nimage: alpine\nndots 2: cures it\n',
    ],
    clears: [
      '$ kubectl exec web-1 -- cat /etc/resolv.conf\nsearch a.svc.cluster.local svc.cluster.local cluster.local hoster.example\nnameserver 10.43.0.10\noptions ndots:5\n\n==> facts <==\nimage: debian\n',
    ],
    cannotTell: [],
  },
  'node-name-mismatch': {
    finds: [
      '==> facts <==\nclient certificate of kubelet: CN=system:node:box-1\nnode name: box-2\n',

      'csinodes.storage.k8s.io "worker-9" is forbidden: User "system:node:n9" cannot get resource "csinodes": can only access CSINode with the same name as the requesting node\n',
      { text: '==> facts <==\nhostname: worker-9\nnode-name flag: worker-9.corp.example\n', as: 'possible' },
    ],
    clears: [
      'leases.coordination.k8s.io "box-a" is forbidden: User "system:node:Box-A" cannot get resource "leases" in API group "coordination.k8s.io": can only access node lease with the same name as the requesting node\n',
      '==> facts <==\nhostname: worker-9\nnode-name flag: worker-9\n',
    ],
    cannotTell: [],
  },
  'node-name-conflict': {
    finds: [
      '==> facts <==\nkubectl get nodes: one node for the two machines\n',
      '==> facts <==\ninternal address of the node: switches between both machines\n',

      'FATA[0003] joining etcd cluster: duplicate node name found, please use a unique name for this node\n',
      '==> facts <==\nhostname of the first machine: pi\nhostname of the second machine: pi\n',
      '==> facts <==\nhostname: golden-image on every machine\n',
    ],
    clears: ['==> facts <==\nhostname of the first machine: pi-1\nhostname of the second machine: pi-2\n'],
    cannotTell: [],
  },
  'hosts-node-name-unresolvable': {
    finds: [
      "E0301 08:00:00.000001 1 kubelet_node_status.go:9] Can't get ip address of node box-9, so node addresses will be stale: lookup box-9: no such host\n",
      "Can't get ip address of node box-9, so node addresses will be stale: lookup box-9: no such host\n\n==> /etc/hosts <==\n127.0.0.1 localhost box-9\n",
    ],
    clears: [],
    cannotTell: [],
  },
  'resolv-dangling-link-in-container': {
    finds: [
      '==> facts <==\nkubelet resolvConf: /run/systemd/resolve/resolv.conf\nfile exists: false\n',
      '==> facts <==\nsystemd-resolved: not installed\nsettings of kubelet: taken from an Ubuntu node\n',
    ],
    clears: ['==> facts <==\nkubelet resolvConf: /run/systemd/resolve/resolv.conf\nfile exists: true\n'],
    cannotTell: [],
  },
  'local-resolver-ignores-bridge': {
    finds: ['==> facts <==\nDNS in containers: dead after each boot until somebody restarts dnsmasq\n'],
    clears: ['==> facts <==\ndnsmasq: running\n'],
    cannotTell: [],
  },
  'cert-san-missing': {
    finds: [
      'Unable to connect to the server: x509: certificate is valid for\n  192.0.2.8, 10.43.0.1,\n  not 192.0.2.34\n',

      {
        text: '==> facts <==\nserver in the kubeconfig: https://api.example.com:6443\nSANs: kubernetes, 10.43.0.1, node1.lan\n',
        as: 'possible',
      },
      {
        text: '==> facts <==\naddress used by clients: the public one\nnames in the certificate: kubernetes, 10.43.0.1, 192.0.2.4\n',
        as: 'possible',
      },
    ],
    clears: ['==> facts <==\nserver in the kubeconfig: https://api.example.com:6443\nSANs: kubernetes, 10.43.0.1, api.example.com\n'],
    cannotTell: [],
  },
  'sshd-forwarding-disabled': {
    finds: [
      'ssh: rejected: administratively prohibited (open failed)\n\n==> facts <==\nhardening role of sshd: forbids tunnels\ndocker ps as the user: works\n',
    ],
    clears: [],
    cannotTell: [],
  },
  'ssh-root-on-rhel': {
    finds: ['ssh: rejected: administratively prohibited (open failed)\n\n==> facts <==\nmachine: RHEL 7, we log in as root\n'],
    clears: [],
    cannotTell: [],
  },
  'etcd-bind-address-absent': {
    finds: [
      { text: '==> facts <==\nwhat happened: we changed the IP of the only server\n', as: 'possible' },
      { text: '==> facts <==\nmembers of etcd: still registered under their old addresses\n', as: 'possible' },
      { text: '==> facts <==\nafter the move: the master now has 192.0.2.30 instead of 198.51.100.30\n', as: 'possible' },
    ],
    clears: ['==> facts <==\nafter the move: the master has 192.0.2.30 as before\n'],
    cannotTell: [],
  },
  'nscd-socket-in-container-hosts-cache': {
    finds: [
      '==> facts <==\nstopping nscd on the node: heals the look-ups of the container\n',
      '==> facts <==\nnscd socket of the host: seen inside the container\ngetent in the pod: fails\ndig in the pod: works\n',
    ],
    clears: ['==> facts <==\nnscd: runs in a sibling container\n'],
    cannotTell: [],
  },
  'ipv6-disabled-at-boot': {
    finds: [
      '==> facts <==\nipv6 on the host: none\nweb server log: cannot listen on [::]:8443\n',
      '==> facts <==\nkernel command line: ipv6.disable=1\nproxy: fails to bind its IPv6 socket\n',
    ],
    clears: ['==> facts <==\nipv6 on the host: enabled\nweb server log: cannot listen on [::]:8443, address in use\n'],
    cannotTell: [],
  },
});
