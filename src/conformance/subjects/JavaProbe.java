import java.net.InetAddress;
import java.net.Socket;

/** InetAddress.getAllByName, then a socket to the name: what a Java program gets. */
public final class JavaProbe {
    public static void main(String[] args) {
        try {
            StringBuilder line = new StringBuilder("lookup");
            for (InetAddress address : InetAddress.getAllByName(args[0])) line.append(' ').append(address.getHostAddress());
            System.out.println(line);
        } catch (Exception e) {
            System.out.println(e);
        }
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            System.out.println("OK " + socket.getInetAddress().getHostAddress());
        } catch (Exception e) {
            System.out.println(e);
        }
    }
}
