package io.nsm.supervisor.grid.infinispan;

import io.nsm.supervisor.grid.quorum.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.CacheException;
import org.infinispan.commons.util.CloseableIterator;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.context.Flag;
import org.infinispan.manager.DefaultCacheManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of one voter: local ones, each write flushed to a log on disk before it completes.
 * Which writes take place, and where, is not Infinispan's to decide here; see
 * docs/decisions/0003-infinispan-mode.md.
 */
final class InfinispanStore {
  static final String CHECKPOINTS = "checkpoints";
  static final String MAPS = "shared-maps";

  private static final Logger LOG = LoggerFactory.getLogger(InfinispanStore.class);

  /** Checkpoints kept in memory besides the disk. */
  private static final long CHECKPOINTS_IN_MEMORY = 64;

  /** Of one log file; the store needs room for a few more than its data. */
  private static final int LOG_FILE_BYTES = 16 << 20;

  private final Disk checkpoints;
  private final Disk maps;

  private InfinispanStore(Disk checkpoints, Disk maps) {
    this.checkpoints = checkpoints;
    this.maps = maps;
  }

  void close() {
    checkpoints.close();
    maps.close();
  }

  Disk checkpoints() {
    return checkpoints;
  }

  Disk maps() {
    return maps;
  }

  /**
   * Opens the caches; throws when the directory cannot be used or another agent uses it.
   *
   * @param failed is told, once, of a write that failed; after that this store takes none
   */
  static InfinispanStore open(Path directory, Consumer<Throwable> failed) {
    mendTornTails(directory);
    DefaultCacheManager manager = new DefaultCacheManager(global(), true);
    try {
      manager.defineConfiguration(
          CHECKPOINTS, local(directory, Optional.of(CHECKPOINTS_IN_MEMORY)));
      manager.defineConfiguration(MAPS, local(directory, Optional.empty()));
      AtomicInteger open = new AtomicInteger(2);
      FailStop failStop = new FailStop(failed);
      Runnable closed =
          () -> {
            if (open.decrementAndGet() == 0) {
              manager.stop();
            }
          };
      return new InfinispanStore(
          new CacheDisk(
              manager.<String, byte[]>getCache(CHECKPOINTS).getAdvancedCache(), failStop, closed),
          new CacheDisk(
              manager.<String, byte[]>getCache(MAPS).getAdvancedCache(), failStop, closed));
    } catch (CacheException e) {
      manager.stop();
      throw new IllegalStateException(
          "the grid's store in "
              + directory
              + " cannot be opened: "
              + rootOf(e)
              + "; see whether another agent uses it, and whether this one may write there",
          e);
    }
  }

  /** Not while another agent uses the directory; that is then found out when it is opened. */
  private static void mendTornTails(Path directory) {
    for (String cache : List.of(CHECKPOINTS, MAPS)) {
      Path data = directory.resolve("data").resolve(cache);
      Path lock = data.resolve(cache + ".lck");
      if (!Files.isDirectory(data)) {
        continue;
      }
      try (FileChannel file =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = file.tryLock()) {
        if (held != null) {
          TornTails.mend(
              data.resolve("data"), directory.resolve("index").resolve(cache).resolve("index"));
        }
      } catch (OverlappingFileLockException used) {
        LOG.debug("{} is in use", data);
      } catch (IOException e) {
        throw new IllegalStateException(
            "the grid's store in " + directory + " cannot be read: " + e, e);
      }
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static GlobalConfiguration global() {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder().nonClusteredDefault();
    global.cacheManagerName("nsm-grid");
    global.jmx().disable();
    global.metrics().gauges(false).histograms(false);
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    return global.build();
  }

  private static Configuration local(Path directory, Optional<Long> inMemory) {
    ConfigurationBuilder cache = new ConfigurationBuilder();
    cache.statistics().disable();
    inMemory.ifPresent(count -> cache.memory().maxCount(count));
    cache
        .persistence()
        .passivation(false)
        .addSoftIndexFileStore()
        .dataLocation(directory.resolve("data").toAbsolutePath().toString())
        .indexLocation(directory.resolve("index").toAbsolutePath().toString())
        .syncWrites(true)
        .maxFileSize(LOG_FILE_BYTES)
        .openFilesLimit(64)
        .segmented(false)
        .preload(inMemory.isEmpty())
        .purgeOnStartup(false)
        .shared(false);
    return cache.build();
  }

  private static final class CacheDisk implements Disk {
    private final AdvancedCache<String, byte[]> cache;
    private final AdvancedCache<String, byte[]> writing;
    private final FailStop failStop;
    private final Runnable closed;

    CacheDisk(AdvancedCache<String, byte[]> cache, FailStop failStop, Runnable closed) {
      this.cache = cache;
      this.writing = cache.withFlags(Flag.IGNORE_RETURN_VALUES);
      this.failStop = failStop;
      this.closed = closed;
    }

    @Override
    public Set<String> keys() {
      Set<String> keys = new HashSet<>();
      try (CloseableIterator<String> all = cache.keySet().iterator()) {
        all.forEachRemaining(keys::add);
      }
      return keys;
    }

    @Override
    public Optional<byte[]> read(String key) {
      return Optional.ofNullable(cache.get(key));
    }

    @Override
    public CompletionStage<Void> write(String key, byte[] value) {
      return failStop.write(() -> writing.putAsync(key, value));
    }

    @Override
    public CompletionStage<Void> remove(String key) {
      return failStop.write(() -> writing.removeAsync(key));
    }

    @Override
    public void close() {
      failStop.closing();
      cache.stop();
      closed.run();
    }
  }
}
