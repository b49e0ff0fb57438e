#pragma once

#include "analysis/evaluation.hpp"
#include "analysis/features/minute_features.hpp"
#include "analysis/input_log.hpp"
#include "analysis/leaf.hpp"
#include "analysis/market_quality.hpp"
#include "analysis/membership.hpp"
#include "analysis/observation.hpp"
#include "analysis/regime_tracker.hpp"
#include "analysis/sentiment/facts.hpp"
#include "analysis/trade_flow.hpp"
#include "base/assert.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/order_book.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::analysis::bitcoin_beta {
class BitcoinBeta;
}
namespace vt::analysis::order_flow {
class OrderFlow;
}
namespace vt::analysis::liquidity {
class Liquidity;
}
namespace vt::analysis::smart_money {
class SmartMoney;
struct RecentEvent;
}  // namespace vt::analysis::smart_money

namespace vt::analysis {

/// Where best quotes come from. Never both: the two differ (V9's minute 23:59 has an OFI of 17.7 or 95.3).
enum class QuoteSource : std::uint8_t {
    quotes,  ///< a stream of its own (Binance bookTicker): on_quote()
    book,    ///< the best levels after every applied frame, changed or not (Bybit): taken from on_book()
};

struct AnalysisParams {
    QuoteSource quote_source = QuoteSource::book;
    Flags quote_flags;             ///< `conflated` where the venue merges updates (Bybit depth, Binance depth@100ms)
    Flags book_flags;              ///< likewise
    bool has_liquidations = true;  ///< the venue publishes them
    Flags liquidation_flags;       ///< `censored` where it publishes only some
    bool has_top_traders = false;  ///< the venue publishes the positions of the largest accounts
    bool operator==(const AnalysisParams&) const = default;
};

/// What evaluate() found. References are valid until the next call.
struct Evaluation {
    Timestamp at;
    /// By dimension; null for those that are no members.
    std::array<const DimensionScore*, kDimensionCount> dimensions{};
    const Memberships& memberships;
    const MarketQuality& quality;
    const MarketState& market;
    const FrameSequences& first_sequences;
    const MinuteFeatures* closed_minute = nullptr;  ///< the minute that closed at `at`, if one did
    std::optional<double> mid;                      ///< at `at` by the venue's own times; absent: no quote
    std::optional<Nanos> mid_age;                   ///< since the quote behind it

    /// in: a member
    [[nodiscard]] const DimensionScore& operator[](Dimension dimension) const {
        const DimensionScore* score = dimensions[static_cast<std::size_t>(dimension)];
        VT_ASSERT(score != nullptr);
        return *score;
    }
};

/// Everything that is computed for one instrument from its stream of facts: its dimensions, market quality and the
/// feature row of each closed minute. Pure: the same calls give the same bytes.
///
/// The caller owns the watermark W and the grid: it calls evaluate() for each whole second u, in order, as soon as
/// W >= u + 1 s, BEFORE it hands over the record that moved W there. So no record is ever more than about a second
/// ahead of the last evaluation. Instruments are evaluated Bitcoin first, then by id. "State at u" is the state after
/// the last record with time < u. Records may belong to a second that is not evaluated yet; they are kept apart. A
/// record for a minute that is over, or 8 s or more ahead of the last evaluation, is dropped and counted (n_late); a
/// book update of such a time counts at the nearest time that can be placed.
///   cost: on_* O(1) (on_book O(10 levels)); evaluate O(600 bins) plus a walk of the book; a closing minute
///         moves one sample in each leaf's ordered past, O(1440) bytes; 1.3 MB after three hours; no allocation in
///         the steady state
class SymbolAnalysis {
public:
    SymbolAnalysis(const market::Instrument& instrument, const AnalysisParams& params);
    ~SymbolAnalysis();
    SymbolAnalysis(SymbolAnalysis&&) noexcept;
    SymbolAnalysis& operator=(SymbolAnalysis&&) noexcept;

    void on_print(const Print& print);
    /// QuoteSource::quotes only.
    void on_quote(const Quote& quote);
    /// Call with the book as it stands, before an update of that time is applied to it (snapshot, delta or loss):
    /// takes the samples that are due.
    void before_book(Timestamp time, const market::OrderBook& book);
    /// Call with the book right after the update was applied. A one-sided book counts as invalid.
    void on_book(const BookFrame& frame);
    /// The book was emptied: nothing is known until the next snapshot. Call before_book() first.
    void on_book_invalid(Timestamp time);
    void on_ticker(const market::Ticker& ticker, Timestamp time, std::uint64_t source_sequence);
    /// Closed candles of 5m, 30m and 4h, oldest first; others are ignored.
    void on_candle(const market::Candle& candle);
    /// From the venue's history or its polls, in order of time each; the time is that of the sample.
    void on_open_interest(const market::OpenInterestSample& sample, Timestamp time);
    void on_long_short_ratio(const market::LongShortRatio& ratio, Timestamp time);
    void on_settlement(const market::FundingSettlement& settlement, Timestamp time);
    /// The same closed candle of the instrument and of its venue's Bitcoin, of 1m, 5m, 30m or 4h, oldest first: what
    /// betas are estimated on where the mids were not seen. Ignored where bitcoin_beta does not apply.
    void on_bitcoin_candle(const market::Candle& own, const market::Candle& bitcoin);
    void on_liquidation(const market::Liquidation& liquidation, Timestamp time, std::uint64_t source_sequence);
    /// The venue changed the interest within the contract's funding.
    void on_interest_changed(std::optional<double> per_8h);
    /// The steps changed (or trading was halted): state in prices is dropped, flag contract_changed.
    void on_contract_changed(const market::Instrument& instrument);

    /// The state at u. in: `book` as it stands now (sampled at u unless before_book() did).
    /// A hole since the last evaluation of less than 8 s inside a minute is caught up; a longer one is passed over as
    /// by skip_to(). A u that is not later than the last starts anew, knowing nothing.
    [[nodiscard]] Evaluation evaluate(Timestamp u, const market::OrderBook& book, const EvaluationInputs& inputs);
    /// What sentiment found beside its score, as of the last evaluation. out: null where it is no member
    [[nodiscard]] const sentiment::Facts* sentiment_facts() const;
    /// Nothing was seen since the last evaluation, and the next one is at u, a whole second: the program was down.
    /// The minutes between are missing, rolling windows start anew. Without a hole it does nothing.
    void skip_to(Timestamp u);

    /// The rows of missing minutes that skip_to() made wait to be fetched: oldest first, then empty.
    [[nodiscard]] std::optional<MinuteFeatures> next_missing_minute();

    /// What is known of the instrument's beta; null where bitcoin_beta does not apply. Valid until the state is
    /// replaced.
    [[nodiscard]] const bitcoin_beta::BitcoinBeta* bitcoin_beta() const;
    /// What is shown of zones, pools, blocks, icebergs, whales: as of the last evaluate(), each with its times.
    [[nodiscard]] const smart_money::SmartMoney& smart_money() const;
    /// All of that as one list: the newest of each kind, in the order in which they became known. For a page: it
    /// allocates.
    [[nodiscard]] std::vector<smart_money::RecentEvent> recent_events() const;
    /// The newest parents of the largest thousandth, oldest first.
    [[nodiscard]] const Ring<Whale>& whales() const;
    /// What is shown beside the score, as of the last evaluation.
    [[nodiscard]] const order_flow::OrderFlow& order_flow() const;
    [[nodiscard]] const liquidity::Liquidity& liquidity() const;

    /// Appends the complete state: loading it and going on is the same, to the byte, as never having stopped. Only
    /// how far the other venue's price is usually away (VenueCheck) is learned anew: it is unknown for an hour; and
    /// the footprints that are shown begin anew.
    void save(std::string& out) const;
    /// Replaces the state. What comes next may be later than what was saved: the time between is passed over.
    ///   in:     `shift` moves all its instants; whole minutes
    ///   errors: corrupt or unsupported (another version); the state is empty then
    [[nodiscard]] Result<void> load(std::string_view bytes, Nanos shift = Nanos{0});
    /// What was loaded is of another session, which ended at other prices: the step to the new ones is no return.
    void begin_prices_anew();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace vt::analysis
