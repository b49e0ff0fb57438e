import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Caffeine on the traces that cache_bench wrote, and what CPU time a hit takes: see cache_against_caffeine.py. */
public class CaffeineBench {
    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) ratio(Path.of(arguments[i]), items(arguments[i], arguments[0]));
        for (int threads = 1; threads <= 2; threads++) {
            speed(threads, false);
            speed(threads, true);
        }
    }

    /** A log of requests says in its name for how many items it is: request_log_100.u32. */
    static int items(String file, String standard) {
        boolean isLog = file.contains("request_log_");
        return Integer.parseInt(isLog ? file.replaceAll(".*request_log_(\\d+)\\.u32", "$1") : standard);
    }

    static void ratio(Path file, int items) throws Exception {
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        // Maintenance runs on the calling thread, so that the result does not depend on how busy the machine is.
        Cache<Integer, Integer> cache = Caffeine.newBuilder().maximumSize(items).executor(Runnable::run).build();
        long hits = 0;
        long requests = 0;
        while (numbers.remaining() >= 4) {
            int key = numbers.getInt();
            if (key < 0) {  // has run out by now
                cache.invalidate(key & Integer.MAX_VALUE);
                continue;
            }
            requests++;
            if (cache.getIfPresent(key) != null) hits++;
            else cache.put(key, key);
        }
        System.out.printf("ratio %s %.4f%n", file.getFileName().toString().replace(".u32", ""), 100.0 * hits / requests);
    }

    /**
     * As the benchmark "hit" of cache_bench: 10,000 text keys, all held, Zipf 0.99. Either with the very objects that are
     * the keys, whose hash Java keeps in them and which are equal without a look at their text; or, as a server asks, with
     * the bytes of a request.
     */
    static void speed(int threads, boolean isFromBytes) throws Exception {
        int count = 10_000;
        String[] names = new String[count];
        byte[][] requests = new byte[count][];
        Cache<String, byte[]> cache = Caffeine.newBuilder().maximumSize(20_000).build();
        for (int i = 0; i < count; i++) {
            names[i] = "/api/symbols/bybit-linear-" + i + "/minute";
            requests[i] = names[i].getBytes(StandardCharsets.ISO_8859_1);
            cache.put(names[i], new byte[1000]);
        }
        double[] cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) cumulative[i] = sum += Math.pow(i + 1, -0.99);
        java.util.Random random = new java.util.Random(1);
        int[] order = new int[1 << 16];
        for (int i = 0; i < order.length; i++) {
            int at = java.util.Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            order[i] = Math.min(at < 0 ? -at - 1 : at, count - 1);
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long[] done = new long[threads];
            long[] cpu = new long[threads];
            Thread[] running = new Thread[threads];
            long begin = System.nanoTime();
            for (int t = 0; t < threads; t++) {
                int me = t;
                running[t] = new Thread(() -> {
                    long calls = 0;
                    long found = 0;
                    for (int at = me * 12_345; System.nanoTime() - begin < 1_000_000_000L;)
                        for (int i = 0; i < 1_000; i++, calls++) {
                            int which = order[++at & (order.length - 1)];
                            String name = isFromBytes ? new String(requests[which], StandardCharsets.ISO_8859_1) : names[which];
                            if (cache.getIfPresent(name) != null) found++;
                        }
                    if (found != calls) throw new IllegalStateException("a key was not held");
                    done[me] = calls;
                    cpu[me] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                });
                running[t].start();
            }
            long calls = 0;
            long taken = 0;
            for (int t = 0; t < threads; t++) {
                running[t].join();
                calls += done[t];
                taken += cpu[t];
            }
            best = Math.min(best, (double) taken / calls);
        }
        System.out.printf("%s %d %.2f%n", isFromBytes ? "speed_from_bytes" : "speed", threads, best);
    }
}
