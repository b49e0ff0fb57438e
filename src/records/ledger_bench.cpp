// Entries of the ledger a second, with their hashes, on SQLite.

#include "records/database_url.hpp"
#include "records/repository.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace vt::records {
namespace {

/// So many entries in one transaction, each of the size that a signal's have.
void append(benchmark::State& state) {
    const auto folder = std::filesystem::temp_directory_path() / ("vt-ledger-bench-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    auto database = open_database({.path = (folder / "records.db").string()});
    auto repository = Repository::open(std::move(*database), Timestamp{});
    std::int64_t number = 0;
    for (auto _ : state) {
        Batch batch;
        for (std::int64_t i = 0; i < state.range(0); ++i) {
            batch.ledger.push_back({.market = "live",
                                    .signal = "s" + std::to_string(++number),
                                    .entry = "raised",
                                    .at = from_ms(1'700'000'000'000 + number),
                                    .run = "00000000000000aa",
                                    .instrument = "bybit-linear-BTCUSDT",
                                    .direction = "long",
                                    .strategy = "confluence",
                                    .state = "open",
                                    .score = 63.5,
                                    .body = std::string(1'400, 'x'),
                                    .follow = std::string(600, 'y')});
        }
        if (!repository->append(batch)) state.SkipWithError("not stored");
    }
    state.SetItemsProcessed(number);
    std::filesystem::remove_all(folder);
}
BENCHMARK(append)->Arg(1)->Arg(64)->Iterations(300);

}  // namespace
}  // namespace vt::records
