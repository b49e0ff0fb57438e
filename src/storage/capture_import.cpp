#include "storage/capture_import.hpp"

#include "base/assert.hpp"
#include "engine/event_codec.hpp"
#include "exchange/binance/replay_feed.hpp"
#include "exchange/bybit/replay_feed.hpp"
#include "exchange/stream_status.hpp"
#include "storage/capture_file.hpp"
#include "storage/journal_writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>

namespace vt::storage {
namespace {

constexpr Nanos kTickEvery = std::chrono::seconds{1};
constexpr Nanos kMaxGap = std::chrono::days{1};
/// Binance counts spot assets to 8 digits. Its lot rule is coarser, but orders older than a change of the rule still
/// rest in the book (74,000 USDT for 93.75858700 BTC on 2024-08-09): a book counted in lots would have to refuse
/// them.
constexpr Decimal kSpotPrecision{1, 8};

exchange::ConnectionId connection_of(const CaptureContent& content) {
    if (content.venue == market::Venue::bybit) return exchange::bybit::kArchiveConnection;
    return content.category == market::Category::spot ? exchange::binance::kSpotConnection
                                                      : exchange::binance::kFuturesConnection;
}

struct Source {
    CaptureFile file;
    exchange::ConnectionId connection;
    CaptureRecord record;  // the next one
    bool has_record = false;
};

bool is_same(const market::Instrument& a, const market::Instrument& b) {
    return a.venue == b.venue && a.category == b.category && a.symbol == b.symbol;
}

/// Writes the journal: numbers the inputs and lets the seconds pass.
class Import {
public:
    Import(JournalWriter writer, std::vector<market::Instrument> instruments) : writer_(std::move(writer)) {
        report_.instruments = std::move(instruments);
    }

    Result<ImportReport> run(std::vector<Source>& sources);

private:
    Result<void> take(Source& source, std::vector<Source>& sources);
    Result<void> pass_time(Timestamp until);
    Result<void> write(Timestamp at, engine::EventBody body);
    [[nodiscard]] const market::Instrument& instrument(const CaptureContent& content, std::string_view symbol) const;

    JournalWriter writer_;
    ImportReport report_;
    std::vector<exchange::ConnectionId> opened_;
    std::string encoded_;
    std::optional<Timestamp> now_;
};

Result<ImportReport> Import::run(std::vector<Source>& sources) {
    for (;;) {
        Source* earliest = nullptr;
        for (Source& source : sources) {
            if (source.has_record && (earliest == nullptr || source.record.at < earliest->record.at))
                earliest = &source;
        }
        if (earliest == nullptr) break;
        if (Result<void> taken = take(*earliest, sources); !taken)
            return tl::unexpected<Error>(std::move(taken.error()));
    }
    if (Result<void> closed = writer_.close(); !closed) return tl::unexpected<Error>(std::move(closed.error()));
    for (const Source& source : sources) {
        report_.skipped_lines += source.file.skipped_lines();
        if (report_.first_skipped.empty()) report_.first_skipped = source.file.first_skipped();
    }
    report_.last_at = now_.value_or(Timestamp{});
    report_.bytes = writer_.written_bytes();
    return report_;
}

/// Writes the source's record and all that comes with it, and goes to the source's next.
Result<void> Import::take(Source& source, std::vector<Source>& sources) {
    const CaptureRecord& record = source.record;
    const Timestamp at = record.at;
    if (!now_) {
        report_.first_at = at;
        for (const market::Instrument& listed : report_.instruments) {
            if (Result<void> written = write(at, engine::ListInstrument{listed}); !written) return written;
        }
    }
    if (Result<void> passed = pass_time(at); !passed) return passed;
    if (std::find(opened_.begin(), opened_.end(), source.connection) == opened_.end()) {
        opened_.push_back(source.connection);
        if (Result<void> written = write(at, engine::Opened{source.connection}); !written) return written;
    }
    engine::EventBody body = engine::FrameReceived{source.connection, record.text};
    if (record.is_snapshot) {
        const market::InstrumentId id = instrument(source.file.content(), record.symbol).id;
        body = engine::Replied{{.request = exchange::binance::snapshot_request(id),
                                .status = 200,
                                .sent = at,
                                .body = record.text,
                                .headers = {}}};
    }
    ++(record.is_snapshot ? report_.snapshots : report_.frames);
    if (Result<void> written = write(at, std::move(body)); !written) return written;
    VT_TRY(source.has_record, source.file.next(source.record));
    const bool goes_on = std::any_of(sources.begin(), sources.end(), [&source](const Source& other) {
        return other.has_record && other.connection == source.connection;
    });
    return goes_on ? Result<void>{} : write(at, engine::Closed{source.connection, "the capture ends"});
}

Result<void> Import::pass_time(Timestamp until) {
    if (!now_) now_ = until;
    if (until - *now_ > kMaxGap) {
        return fail(Errc::out_of_range, "the captures are more than a day apart; import them one by one");
    }
    for (Timestamp tick = floor_to(*now_, kTickEvery) + kTickEvery; tick <= until; tick += kTickEvery) {
        if (Result<void> written = write(tick, engine::Tick{}); !written) return written;
        ++report_.ticks;
    }
    now_ = std::max(*now_, until);
    return {};
}

Result<void> Import::write(Timestamp at, engine::EventBody body) {
    encoded_.clear();
    engine::encode({.sequence = ++report_.events, .at = at, .body = std::move(body)}, encoded_);
    return writer_.append(encoded_);
}

const market::Instrument& Import::instrument(const CaptureContent& content, std::string_view symbol) const {
    const auto found = std::find_if(report_.instruments.begin(), report_.instruments.end(), [&](const auto& known) {
        return known.venue == content.venue && known.category == content.category && known.symbol == symbol;
    });
    VT_ASSERT(found != report_.instruments.end());  // listed from the same look through the file
    return *found;
}

Result<market::Instrument> find_steps(const CaptureContent& content, const std::string& symbol,
                                      std::span<const market::Instrument> given) {
    const market::Instrument wanted{.venue = content.venue, .category = content.category, .symbol = symbol};
    const auto is_wanted = [&wanted](const market::Instrument& candidate) { return is_same(candidate, wanted); };
    if (const auto found = std::find_if(given.begin(), given.end(), is_wanted); found != given.end()) return *found;
    const std::span<const market::Instrument> known = known_instruments();
    if (const auto found = std::find_if(known.begin(), known.end(), is_wanted); found != known.end()) return *found;
    return fail(Errc::not_found, "the price and quantity steps of " + wanted.path_id() +
                                     " are not known; give them as " + wanted.path_id() + ":TICK:LOT");
}

/// Every symbol of the captures once, numbered in order.
Result<std::vector<market::Instrument>> list_instruments(std::span<const Source> sources,
                                                         const ImportParams& params) {
    std::vector<market::Instrument> listed;
    for (const Source& source : sources) {
        for (const std::string& symbol : source.file.content().symbols) {
            VT_TRY(market::Instrument instrument, find_steps(source.file.content(), symbol, params.instruments));
            const bool is_listed = std::any_of(listed.begin(), listed.end(), [&](const market::Instrument& other) {
                return is_same(other, instrument);
            });
            if (is_listed) continue;
            instrument.id = market::InstrumentId{static_cast<std::uint32_t>(listed.size())};
            listed.push_back(std::move(instrument));
        }
    }
    return listed;
}

std::string venues_of(std::span<const market::Instrument> instruments) {
    std::string venues;
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        const bool is_there = std::any_of(instruments.begin(), instruments.end(),
                                          [venue](const market::Instrument& one) { return one.venue == venue; });
        if (is_there) venues += (venues.empty() ? "" : ",") + std::string(name(venue));
    }
    return venues;
}

/// From what is imported, not from a clock: the same captures are the same run.
std::uint64_t run_id_of(std::span<const Source> sources) {
    std::string starts;
    for (const Source& source : sources) {
        if (source.has_record) starts += std::to_string(to_ns(source.record.at)) + std::string(source.record.text);
    }
    return journal_hash(starts);
}

market::Instrument perpetual(market::Venue venue, std::string_view base, Decimal tick, Decimal lot) {
    return {.venue = venue,
            .category = market::Category::linear,
            .symbol = std::string(base) + "USDT",
            .base = std::string(base),
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = tick,
            .lot_size = lot,
            .funding_interval = std::chrono::hours{8}};
}

market::Instrument spot(std::string_view base, Decimal tick, Decimal lot) {
    return {.venue = market::Venue::binance,
            .category = market::Category::spot,
            .symbol = std::string(base) + "USDT",
            .base = std::string(base),
            .quote = "USDT",
            .tick_size = tick,
            .lot_size = lot};
}

}  // namespace

std::span<const market::Instrument> known_instruments() {
    static const std::array<market::Instrument, 4> known = {
        perpetual(market::Venue::binance, "BTC", {1, 1}, {1, 3}),
        spot("BTC", {1, 2}, kSpotPrecision),
        spot("ETH", {1, 2}, kSpotPrecision),
        perpetual(market::Venue::bybit, "XRP", {1, 4}, {1, 0}),
    };
    return known;
}

Result<market::Instrument> parse_instrument(std::string_view text) {
    const auto refused = [text](std::string_view why) {
        return fail(Errc::configuration, "instrument '" + std::string(text.substr(0, 80)) + "': " + std::string(why) +
                                             "; expected like binance-linear-BTCUSDT:0.1:0.001");
    };
    const std::size_t lot_at = text.rfind(':');
    const std::size_t tick_at =
        lot_at == 0 || lot_at == std::string_view::npos ? lot_at : text.rfind(':', lot_at - 1);
    if (tick_at == std::string_view::npos || lot_at == 0) return refused("the steps are missing");
    const Result<Decimal> tick = parse_decimal(text.substr(tick_at + 1, lot_at - tick_at - 1));
    const Result<Decimal> lot = parse_decimal(text.substr(lot_at + 1));
    if (!tick || !lot || tick->mantissa <= 0 || lot->mantissa <= 0) return refused("a step is no positive number");
    const std::string_view path_id = text.substr(0, tick_at);
    for (const market::Venue venue : {market::Venue::bybit, market::Venue::binance}) {
        for (const market::Category category : {market::Category::linear, market::Category::spot}) {
            const std::string prefix = std::string(name(venue)) + "-" + std::string(name(category)) + "-";
            if (!path_id.starts_with(prefix) || path_id.size() == prefix.size()) continue;
            market::Instrument instrument{.venue = venue, .category = category, .tick_size = *tick, .lot_size = *lot};
            instrument.symbol = path_id.substr(prefix.size());
            for (const std::string_view quote : {"USDT", "USDC", "BTC", "ETH", "EUR", "USD"}) {
                if (!instrument.symbol.ends_with(quote) || instrument.symbol.size() == quote.size()) continue;
                instrument.base = instrument.symbol.substr(0, instrument.symbol.size() - quote.size());
                instrument.quote = quote;
                if (category == market::Category::linear) instrument.settle = quote;
                return instrument;
            }
            return refused("the quote currency is not known");
        }
    }
    return refused("the market is not known");
}

Result<ImportReport> import_capture(const ImportParams& params) {
    if (params.captures.empty()) return fail(Errc::configuration, "no capture was named");
    std::vector<Source> sources;
    for (const std::filesystem::path& path : params.captures) {
        VT_TRY(CaptureFile file, CaptureFile::open(path));
        const exchange::ConnectionId connection = connection_of(file.content());
        sources.push_back({.file = std::move(file), .connection = connection});
    }
    VT_TRY(std::vector<market::Instrument> instruments, list_instruments(sources, params));
    Timestamp start = Timestamp::max();
    for (Source& source : sources) {
        VT_TRY(source.has_record, source.file.next(source.record));
        if (source.has_record) start = std::min(start, source.record.at);
    }
    const JournalHeader header{.run_id = run_id_of(sources),
                               .created_at = start,
                               .program = params.program,
                               .venues = venues_of(instruments),
                               .origin = params.origin};
    const JournalParams journal{.block_bytes = params.block_bytes,
                                .block_age = std::chrono::hours{1},
                                .compression_level = params.compression_level};
    VT_TRY(JournalWriter writer, JournalWriter::create_file(params.out, header, journal));
    const std::filesystem::path partial = writer.path();
    Result<ImportReport> report = Import(std::move(writer), std::move(instruments)).run(sources);
    if (!report) {
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);  // half an import is of no use: the captures are still there
    }
    return report;
}

}  // namespace vt::storage
