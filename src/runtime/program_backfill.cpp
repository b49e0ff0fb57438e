#include "net/loop.hpp"
#include "obs/log.hpp"
#include "records/database_url.hpp"
#include "runtime/backfill.hpp"
#include "runtime/named_thread.hpp"
#include "runtime/program.hpp"
#include "storage/temporary_directory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

/// The first start of a market: what its candles say of the past, on a thread of its own.
namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kListingLook{250};
constexpr std::uint32_t kDemoDays = 1;  ///< the demo market has three days of minute candles
constexpr int kNice = 10;               ///< nobody waits for the past
constexpr int kSaidEvery = 10;          ///< percent

/// Says how far it is, some times.
class SpokenProgress {
public:
    void take(const std::string& doing, double share) {
        const int percent = static_cast<int>(share * 100) / kSaidEvery * kSaidEvery;
        if (doing == doing_ && percent <= percent_) return;
        doing_ = doing;
        percent_ = percent;
        obs::log_info("backfill", doing + ", " + std::to_string(percent) + " %");
    }

private:
    std::string doing_;
    int percent_ = 0;
};

Result<records::Repository> open_ledger(const std::string& address, Timestamp now) {
    VT_TRY(const records::DatabaseUrl url, records::parse_database_url(address));
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database(url));
    return records::Repository::open(std::move(database), now);
}

void say(const BackfillReport& report) {
    for (const std::string& why : report.left_out) obs::log_warning("backfill", "left out: " + why);
    obs::log_info("backfill",
                  std::to_string(report.raised) + " signals of the past were reconstructed from candles of " +
                      std::to_string(report.symbols.size()) + " symbols, " + std::to_string(report.held_back) +
                      " were held back; they stand apart from the market's own");
}

}  // namespace

void Program::start_backfill() {
    const config::Config::Backfill& config = params_.config.backfill;
    const bool is_demo = params_.mode == views::MarketMode::demo;
    const bool is_wanted = is_demo ? config.demo : config.days > 0 && !params_.records.history_folder.empty();
    if (!is_wanted || !records_ || !records_->is_ledger_new() || !backfill_hosts_) return;
    backfill_thread_ = named_thread("backfill", [this] {
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
        run_backfill(*backfill_hosts_);
    });
}

std::vector<std::string> Program::backfill_symbols() const {
    while (!is_stopping_.load()) {
        std::vector<std::string> symbols;
        if (const auto picture = snapshot()) {
            for (const views::Row& row : picture->rows) {
                const market::Instrument& one = row.instrument;
                const bool is_linear = one.venue == market::Venue::bybit && one.category == market::Category::linear;
                if (is_linear && symbols.size() < params_.config.backfill.symbols) symbols.push_back(one.symbol);
            }
        }
        if (!symbols.empty()) return symbols;
        std::this_thread::sleep_for(kListingLook);
    }
    return {};
}

void Program::run_backfill(const gateway::SiteHosts& hosts) {
    std::vector<std::string> symbols = backfill_symbols();
    if (symbols.empty()) return;
    const bool is_demo = params_.mode == views::MarketMode::demo;
    std::optional<storage::TemporaryDirectory> of_this_run;  // the next demo market is another one
    if (is_demo) of_this_run.emplace("virtuoso-demo-history");
    const Timestamp now = net::wall_now();
    auto ledger = open_ledger(params_.records.url, now);
    if (!ledger) return obs::log_warning("backfill", "no past is reconstructed: " + ledger.error().what);
    SpokenProgress spoken;
    const auto report =
        backfill(params_.config,
                 {.symbols = std::move(symbols),
                  .days = is_demo ? kDemoDays : params_.config.backfill.days,
                  .market = std::string(views::name(params_.mode)),
                  .history = is_demo ? of_this_run->path() : std::filesystem::path(params_.records.history_folder),
                  .hosts = hosts,
                  .now = now},
                 *ledger, [&](const std::string& doing, double share) {
                     spoken.take(doing, share);
                     return !is_stopping_.load();
                 });
    if (report) return say(*report);
    if (!is_stopping_.load()) obs::log_warning("backfill", "no past is reconstructed: " + report.error().what);
}

}  // namespace vt::runtime
