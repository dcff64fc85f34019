package dev.igarape.cli.stack.storage;

import java.net.InetSocketAddress;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStore;
import org.apache.hadoop.hive.metastore.IHMSHandler;
import org.apache.hadoop.hive.metastore.TSetIpAddressProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.server.ServerContext;
import org.apache.thrift.server.TServerEventHandler;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportFactory;

/** The Hive Metastore on one address; its own {@code main} listens on every address of the machine. */
final class Metastore {
    private Metastore() {}

    /** Serves until the process ends, at {@code hive.metastore.port} of 127.0.0.1. */
    static void serve(HiveConf configuration) throws Exception {
        IHMSHandler handler = HiveMetaStore.newRetryingHMSHandler(
                new HiveMetaStore.HMSHandler("metastore", configuration, false), configuration);
        int port = configuration.getIntVar(HiveConf.ConfVars.METASTORE_SERVER_PORT);
        TThreadPoolServer.Args settings = new TThreadPoolServer.Args(
                        new TServerSocket(new InetSocketAddress("127.0.0.1", port)))
                .processor(new TSetIpAddressProcessor<>(handler))
                .transportFactory(new TTransportFactory())
                .protocolFactory(new TBinaryProtocol.Factory())
                .minWorkerThreads(4)
                .maxWorkerThreads(200);
        TThreadPoolServer server = new TThreadPoolServer(settings);
        server.setServerEventHandler(new CloseStore(handler));
        server.serve();
    }

    /** Closes the thread's database connection when its client leaves. */
    private static final class CloseStore implements TServerEventHandler {
        private final IHMSHandler handler;

        private CloseStore(IHMSHandler handler) {
            this.handler = handler;
        }

        @Override
        public void preServe() {}

        @Override
        public ServerContext createContext(TProtocol input, TProtocol output) {
            return null;
        }

        @Override
        public void deleteContext(ServerContext context, TProtocol input, TProtocol output) {
            try {
                handler.shutdown();
            } catch (org.apache.thrift.TException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void processContext(ServerContext context, TTransport input, TTransport output) {}
    }
}
