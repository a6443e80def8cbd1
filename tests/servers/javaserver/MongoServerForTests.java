import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** Prints its address on standard output and stops when its standard input closes. */
final class MongoServerForTests {
    /** MongoDB 5.0 with the wire version that 5.0 really has: the library says 8, which PyMongo refuses as too old. */
    private static final MongoVersion VERSION = new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
            return ServerVersion.MONGO_5_0.getVersionArray();
        }

        @Override
        public String toVersionString() {
            return ServerVersion.MONGO_5_0.toVersionString();
        }

        @Override
        public int getWireVersion() {
            return 13;
        }
    };

    public static void main(String[] arguments) throws Exception {
        MongoServer server = new MongoServer(new MemoryBackend().version(VERSION));
        System.out.println("mongodb:/" + server.bind() + "/");
        while (System.in.read() >= 0) {
            continue;
        }
        server.shutdownNow();
    }
}
