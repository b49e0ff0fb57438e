#pragma once

#include "api/jobs.hpp"
#include "api/topic.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "confluence/params.hpp"
#include "market/candle_frames.hpp"
#include "views/snapshot.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::api {

/// Every topic of /ws by name, brought up to date from published snapshots. Only the overview and topics that
/// somebody follows cost anything.
///   names: overview, system, signals, jobs; of the account: positions, orders, portfolio, risk; of an instrument:
///   score.ID, book.ID, markets.ID, trades.ID, candles.ID.TF; what moves with the minute: zones.ID, footprint.ID,
///   profile.ID, liquidations.ID, events.ID, indicators.ID.TF
class Topics {
public:
    /// in: list_jobs: absent: there is no topic of jobs
    explicit Topics(const confluence::Params& params, ListJobs list_jobs = {})
        : params_(params), list_jobs_(std::move(list_jobs)) {}

    /// Takes the newest picture and updates the overview and every topic with followers.
    void publish(std::shared_ptr<const views::Snapshot> snapshot);
    /// Asks how far the jobs are, if somebody follows them: they go on where no picture follows.
    ///   out: whether that is news
    [[nodiscard]] bool update_jobs();
    [[nodiscard]] const std::shared_ptr<const views::Snapshot>& snapshot() const { return snapshot_; }
    /// The dashboard's document, as of the newest picture.
    [[nodiscard]] const TableTopic& overview() const { return overview_; }

    /// One more follower.
    ///   errors: not_found (no such topic, symbol or timeframe), unavailable (nothing was published yet)
    [[nodiscard]] Result<void> follow(std::string_view name);
    void unfollow(std::string_view name);

    /// Whether a topic shows the account: for those who are logged in.
    [[nodiscard]] static bool is_of_account(std::string_view name);

    [[nodiscard]] std::uint64_t sequence(std::string_view name) const;
    /// Whether delta(since) tells all that happened since.
    [[nodiscard]] bool can_resume(std::string_view name, std::uint64_t since) const;
    [[nodiscard]] std::string snapshot_of(std::string_view name) const;
    [[nodiscard]] std::string delta_of(std::string_view name, std::uint64_t since) const;

private:
    enum class Kind : std::uint8_t {
        overview,
        system,
        signals,
        jobs,
        account,
        score,
        book,
        markets,
        trades,
        candles,
        minute
    };
    using WriteAccount = void (*)(JsonWriter&, const views::Snapshot&);
    struct WholeMarket {
        std::string_view name;
        Kind kind = Kind::overview;
        WriteAccount write = nullptr;  ///< of Kind::account
    };
    static const std::array<WholeMarket, 8> kWholeMarket;  ///< the topics that are of no instrument
    using WriteMinute = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row, market::Timeframe);
    struct Family {
        std::string_view name;
        Kind kind = Kind::minute;
        bool has_frame = false;
        WriteMinute write = nullptr;  ///< of Kind::minute
    };
    static const std::array<Family, 11> kFamilies;
    struct Followed {
        Kind kind = Kind::system;
        std::string id;       ///< of the instrument; empty: the topic is not about one
        std::size_t row = 0;  ///< of the instrument in the last picture; rows may be added and change places
        market::Timeframe frame = market::Timeframe::m1;
        std::size_t followers = 0;
        std::variant<DocumentTopic, ListTopic> state;
        std::shared_ptr<const std::vector<market::Candle>> closed;  ///< the candles that are in the list already
        WriteMinute write = nullptr;
        WriteAccount write_account = nullptr;
        /// What the document of the minute was written from: it is written again when that is another.
        std::shared_ptr<const void> minute, liquidations;
    };
    [[nodiscard]] Result<Followed> make(std::string_view name) const;
    [[nodiscard]] std::string all_names() const;
    /// Brings `row` up to date.
    ///   out: false when the newest picture has no such instrument
    [[nodiscard]] bool find_row(Followed& followed) const;
    void update(Followed& followed);
    void update_list(Followed& followed);
    void update_minute(Followed& followed);
    void update_overview();

    confluence::Params params_;
    ListJobs list_jobs_;
    std::shared_ptr<const views::Snapshot> snapshot_;
    TableTopic overview_;
    std::map<std::string, Followed, std::less<>>
        followed_;  ///< kept when the last follower leaves: a resume needs it
    JsonWriter scratch_;
};

/// The row of an instrument by its path id ("bybit-linear-BTCUSDT").
[[nodiscard]] std::optional<std::size_t> row_by_id(const views::Snapshot& snapshot, std::string_view id);

}  // namespace vt::api
