#include "exchange/bybit/feed.hpp"
#include "market/instrument_state.hpp"
#include "runtime/engine_params.hpp"
#include "storage/journal_reader.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

/// Frames of a recording (VT_BENCH_JOURNAL, made by `virtuoso record`) decoded, checked and applied to the market
/// state, without analysis: what bench/feed_against_ccxt.py compares with ccxt's handlers. VT_BENCH_FRAMES writes the
/// same frames for those: a line of symbols, then one frame a line.
namespace vt::runtime {
namespace {

/// The feed and the market state of one run.
class Market {
public:
    explicit Market(exchange::bybit::FeedParams params) : feed_(std::move(params), directory_) {}

    void take(const engine::Event& event) {
        output_.clear();
        if (std::holds_alternative<engine::StartFeed>(event.body)) {
            feed_.start(event.at, output_);
        } else if (const auto* opened = std::get_if<engine::Opened>(&event.body)) {
            feed_.on_open(opened->connection, event.at, output_);
        } else if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) {
            feed_.on_text(frame->connection, frame->text, event.at, event.sequence, output_);
        } else if (const auto* replied = std::get_if<engine::Replied>(&event.body)) {
            feed_.on_reply(replied->reply, event.at, event.sequence, output_);
        } else if (std::holds_alternative<engine::Tick>(event.body)) {
            feed_.on_tick(event.at, output_);
        }
        for (const exchange::Listed& listed : output_.listings) {
            const market::InstrumentId id = directory_.list(listed.instrument);
            if (id.value() == states_.size())
                states_.push_back(std::make_unique<market::InstrumentState>(directory_[id]));
        }
        for (const market::Event& fact : output_.events)
            benchmark::DoNotOptimize(states_[fact.instrument.value()]->apply(fact));
    }

    [[nodiscard]] const market::InstrumentDirectory& directory() const { return directory_; }

private:
    market::InstrumentDirectory directory_;
    exchange::bybit::Feed feed_;
    std::vector<std::unique_ptr<market::InstrumentState>> states_;
    exchange::Output output_;
};

bool is_data(const engine::Event& event) {
    const auto* frame = std::get_if<engine::FrameReceived>(&event.body);
    return frame != nullptr && frame->text.find("\"topic\"") != std::string_view::npos;
}

/// An input with the text that it borrows.
struct Kept {
    engine::Event event;
    std::string text;
};

std::vector<Kept> read_all(storage::JournalReader& journal) {
    std::vector<Kept> inputs;
    engine::Event event;
    while (journal.next(event) == storage::ReadOutcome::event) {
        Kept& kept = inputs.emplace_back(Kept{.event = event, .text = {}});
        if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) kept.text = frame->text;
        if (const auto* replied = std::get_if<engine::Replied>(&event.body)) kept.text = replied->reply.body;
    }
    for (Kept& kept : inputs) {
        if (auto* frame = std::get_if<engine::FrameReceived>(&kept.event.body)) frame->text = kept.text;
        if (auto* replied = std::get_if<engine::Replied>(&kept.event.body)) {
            replied->reply.body = kept.text;
            replied->reply.headers = {};
        }
    }
    return inputs;
}

void write_frames(const char* path, const Market& market, const std::vector<Kept>& inputs) {
    std::ofstream out(path);
    for (const market::Instrument& instrument : market.directory().all()) out << instrument.symbol << ' ';
    out << '\n';
    for (const Kept& kept : inputs) {
        if (is_data(kept.event)) out << kept.text << '\n';
    }
}

/// CPU time of this thread: neighbours on the machine do not count.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// CPU seconds for runs of frames between other inputs, so that reading the clock hardly counts.
double run(Market& market, const std::vector<Kept>& inputs, double& frames) {
    double spent_s = 0;
    for (std::size_t i = 0; i < inputs.size();) {
        if (!is_data(inputs[i].event)) {
            market.take(inputs[i++].event);
            continue;
        }
        std::size_t end = i;
        while (end < inputs.size() && is_data(inputs[end].event)) ++end;
        frames += static_cast<double>(end - i);
        const double began = cpu_seconds();
        for (; i < end; ++i) market.take(inputs[i].event);
        spent_s += cpu_seconds() - began;
    }
    return spent_s;
}

void decode_and_apply(benchmark::State& state) {
    const char* path = std::getenv("VT_BENCH_JOURNAL");
    if (path == nullptr) {
        state.SkipWithError("VT_BENCH_JOURNAL names no recording");
        return;
    }
    auto journal = storage::JournalReader::open(path);
    if (!journal) {
        state.SkipWithError(journal.error().what.c_str());
        return;
    }
    const std::vector<Kept> inputs = read_all(*journal);
    double frames = 0;
    double total_s = 0;
    for (auto _ : state) {
        exchange::bybit::FeedParams params = engine_params(config::Config{}).bybit;
        params.top_n = 1000;
        params.depths.clear();
        Market market(std::move(params));
        const double spent_s = run(market, inputs, frames);
        total_s += spent_s;
        state.SetIterationTime(spent_s);
        if (const char* out = std::getenv("VT_BENCH_FRAMES")) write_frames(out, market, inputs);
    }
    state.counters["ns_per_frame"] = total_s * 1e9 / frames;
}
BENCHMARK(decode_and_apply)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(5);

}  // namespace
}  // namespace vt::runtime
