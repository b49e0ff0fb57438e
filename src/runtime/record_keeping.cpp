#include "runtime/record_keeping.hpp"

#include "net/loop.hpp"
#include "obs/log.hpp"
#include "records/database_url.hpp"
#include "runtime/kept_signal.hpp"
#include "runtime/named_thread.hpp"

#include <chrono>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::chrono::milliseconds kRest{50};

Result<records::Repository> open_repository(const records::DatabaseUrl& url, Timestamp now) {
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database(url));
    return records::Repository::open(std::move(database), now);
}

/// Beyond this age there are no candles any more that could say what happened.
constexpr Nanos kResumeMax = std::chrono::hours{24 * 7};

records::LedgerEntry abandoned(records::LedgerEntry last, const std::string& run, Timestamp now) {
    last.entry = kAbandoned;
    constexpr std::string_view kOpen = R"("state":"open")";  // as signals::write_signal writes it
    if (const auto open = last.body.find(kOpen); open != std::string::npos) {
        last.body.replace(open, kOpen.size(), R"("state":"closed")");
        last.state = "closed";
    }
    last.run = run;
    last.at = from_ms(to_ms(now));
    last.follow.clear();
    return last;
}

/// What a run finds of its market's ledger.
struct LedgerStart {
    std::vector<records::LedgerEntry> left_open;
    bool is_new = false;
};

/// What a run goes on from. What it cannot go on from is closed in the ledger, with what was known of it.
Result<LedgerStart> take_up(records::Repository& repository, const records::RunRow& run, Timestamp now) {
    LedgerStart start;
    VT_TRY(const records::SignalPage own, repository.signals({.market = run.market, .limit = 1}));
    VT_TRY(const records::SignalPage past,
           repository.signals({.market = records::reconstructed_ledger(run.market), .limit = 1}));
    start.is_new = own.signals.empty() && past.signals.empty();
    VT_TRY(std::vector<records::LedgerEntry> left, repository.followed(run.market));
    records::Batch ended;
    std::erase_if(left, [&](const records::LedgerEntry& entry) {
        if (run.market == "live" && now - entry.at < kResumeMax) return false;
        ended.ledger.push_back(abandoned(entry, run.run, now));
        return true;
    });
    VT_TRY([[maybe_unused]] const std::uint64_t stored, repository.append(ended));
    start.left_open = std::move(left);
    return start;
}

Result<LedgerStart> open_and_take_up(const records::DatabaseUrl& url, const records::RunRow& run) {
    VT_TRY(records::Repository repository, open_repository(url, net::wall_now()));
    return take_up(repository, run, net::wall_now());
}

/// A place that is away may come back; everything else needs somebody.
bool is_away(const Error& error) { return error.code == Errc::unavailable; }

}  // namespace

Result<std::unique_ptr<RecordKeeping>> RecordKeeping::start(const RecordPlaces& places,
                                                            const config::Config::Records& config,
                                                            std::shared_ptr<records::RunClaim> claim,
                                                            records::RunRow run, obs::Metrics& metrics,
                                                            JobList* jobs) {
    VT_TRY(const records::DatabaseUrl url, records::parse_database_url(places.url));
    const bool has_spool = url.backend == records::Backend::postgres && !places.spool_file.empty();
    // Before anything is looked at: what another run has open is not left.
    if (auto held = claim->hold(); !held && !(has_spool && is_away(held.error())))
        return tl::unexpected<Error>(std::move(held.error()));
    std::string restored;
    if (url.backend == records::Backend::sqlite) {
        VT_TRY(restored, restore_file(url.path, config));
    }
    // The first look tells what needs somebody while that person still looks; the keeper opens its own.
    const auto refused = [&](const Error& error) { return !has_spool || !is_away(error); };
    Result<LedgerStart> left = open_and_take_up(url, run);
    if (!left && left.error().code == Errc::corrupt && url.backend == records::Backend::sqlite) {
        records::note_damage(url.path);  // behind the pages that opening reads: all of it is looked at now
        VT_TRY(restored, restore_file(url.path, config));
        left = open_and_take_up(url, run);
    }
    if (!left) {
        if (refused(left.error())) return tl::unexpected<Error>(std::move(left.error()));
        obs::log_warning("records", left.error().what);
    }
    LedgerStart begun = std::move(left).value_or(LedgerStart());
    records::KeeperParams params{
        .open = [url,
                 claim](Timestamp now) { return claim->hold().and_then([&] { return open_repository(url, now); }); },
        .run = std::move(run),
        .retention = {.keep_days = config.keep_days,
                      .explanations_keep_days = config.explanations_keep_days,
                      .bytes_max = config.bytes_max},
        .queue_max = config.queue_max,
        .spool_bytes_max = config.spool_bytes_max};
    if (has_spool) {
        params.open_spool = [spool = records::DatabaseUrl{.path = places.spool_file}](Timestamp now) {
            return open_repository(spool, now);
        };
    }
    std::unique_ptr<RecordKeeping> keeping(
        new RecordKeeping(std::move(params), records::without_password(places.url),
                          url.backend == records::Backend::sqlite ? url.path : places.spool_file, metrics));
    keeping->left_open_ = std::move(begun.left_open);
    keeping->is_ledger_new_ = begun.is_new;
    keeping->restored_ = std::move(restored);
    keeping->file_ = url.path;  // empty for a server
    if (url.backend == records::Backend::sqlite && config.copy_every_seconds > 0) {
        keeping->copying_ = std::make_unique<RecordCopying>(
            RecordCopyingParams{.database = url.path,
                                .every = std::chrono::seconds{config.copy_every_seconds},
                                .keep = config.copies_keep,
                                .jobs = jobs});
    }
    keeping->thread_ = named_thread("records", [raw = keeping.get()] { raw->run(); });
    return keeping;
}

Result<std::string> RecordKeeping::restore_file(const std::string& file, const config::Config::Records& config) {
    VT_TRY(const auto restored, records::restore_if_damaged(file, net::wall_now(), config.restore_damaged));
    if (!restored) return std::string();
    std::string text = "the database was damaged and has been restored from a copy";
    if (restored->as_of)
        text += " of " + std::to_string((net::wall_now() - *restored->as_of) / std::chrono::minutes{1}) +
                " minutes ago (" + restored->copy.string() + ")";
    if (!restored->damaged.empty()) text += "; as it was it lies in " + restored->damaged.string();
    obs::log_error("records",
                   text + ". What was wrong: " + restored->why +
                       ". What was kept since the copy is only there. Users and tokens are as of the copy, too: "
                       "look at `virtuoso user list` and `virtuoso token list`");
    return text;
}

RecordKeeping::RecordKeeping(records::KeeperParams params, std::string place, std::string file, obs::Metrics& metrics)
    : place_(std::move(place)),
      market_(params.run.market),
      run_(params.run.run),
      disk_(std::move(file), "lower records.bytes_max and records.spool_bytes_max"),
      scribe_(params.run.market, params.run.run),
      keeper_(std::make_unique<records::ScoreKeeper>(std::move(params))),
      stored_(metrics.counter({"virtuoso_records_stored_total", "Score records that the database acknowledged"})),
      lost_(metrics.counter({"virtuoso_records_lost_total", "Score records that could not be kept"})),
      removed_(metrics.counter({"virtuoso_records_removed_total", "Rows removed by age or for room"})),
      queued_(metrics.gauge({"virtuoso_records_queued", "Score records that wait for the database"})),
      spooled_(metrics.gauge({"virtuoso_records_spooled", "Score records on disk while the database is away"})) {}

RecordKeeping::~RecordKeeping() { stop(); }

void RecordKeeping::keep(const engine::Scored& scored, const market::Instrument& instrument) {
    SaidScore said{scored.record, instrument, ++said_};
    (void)keeper_->offer([this, said = std::move(said)] { return scribe_.write(said); });  // a loss is counted there
}

void RecordKeeping::keep(const engine::Signalled& signalled, const market::Instrument& instrument) {
    (void)keeper_->offer(ledger_entry_of(*signalled.change, instrument, market_, run_));  // a loss is counted there
}

void RecordKeeping::run() {
    while (!is_stopping_.load()) {
        const bool is_busy = keeper_->do_work(net::wall_now());
        show_counts();
        if (const auto error = keeper_->take_error()) {
            obs::log_error("records", error->what);
            if (error->code == Errc::corrupt && !file_.empty()) records::note_damage(file_);
        }
        if (const auto low = disk_.look(net::wall_now())) obs::log_warning("records", *low);
        if (!is_busy) std::this_thread::sleep_for(kRest);
    }
    if (const Result<void> closed = keeper_->close(net::wall_now()); !closed)
        obs::log_error("records", closed.error().what);
    show_counts();
}

void RecordKeeping::show_counts() {
    const records::KeeperStats now = stats();
    stored_.advance_to(static_cast<double>(now.stored));
    lost_.advance_to(static_cast<double>(now.lost));
    removed_.advance_to(static_cast<double>(now.removed));
    queued_.set(static_cast<double>(now.queued));
    if (now.spooled) spooled_.set(static_cast<double>(*now.spooled));
}

void RecordKeeping::stop() {
    is_stopping_.store(true);
    if (copying_) copying_->stop();
    if (thread_.joinable()) thread_.join();
}

std::string RecordKeeping::hindrance() const {
    const records::KeeperStats now = stats();
    if (!now.problem.empty()) return "records are not stored: " + now.problem;
    if (const std::string problem = copying_ ? copying_->hindrance() : std::string(); !problem.empty())
        return "records are not copied: " + problem;
    return disk_.hindrance();
}

void RecordKeeping::write_status(JsonWriter& out) const {
    const records::KeeperStats now = stats();
    out.begin_object()
        .field("database", place_)
        .field("connected", now.is_connected)
        .field("offered", now.offered)
        .field("stored", now.stored)
        .field("queued", static_cast<std::uint64_t>(now.queued));
    out.field("spooled", now.spooled)
        .field("lost", now.lost)
        .field("removed", now.removed)
        .field("failures", now.failures);
    const auto text_or_null = [&](const char* name, const std::string& text) {
        out.field(name, text.empty() ? std::nullopt : std::optional<std::string_view>(text));
    };
    text_or_null("problem", now.problem);
    const auto copied_at = copying_ ? copying_->newest_at() : std::nullopt;
    out.field("copied_at", copied_at ? std::optional(to_ms(*copied_at)) : std::nullopt);
    text_or_null("copy_problem", copying_ ? copying_->hindrance() : std::string());
    text_or_null("restored", restored_);
    out.end_object();
}

}  // namespace vt::runtime
