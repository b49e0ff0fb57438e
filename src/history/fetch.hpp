#pragma once

#include "exchange/binance/rest_codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/history_page.hpp"
#include "exchange/protocol.hpp"
#include "history/paging.hpp"
#include "history/series_writer.hpp"
#include "storage/append_file.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vt::history {

/// One series to be brought up to date.
struct FetchOrder {
    Series series;
    TimeRange range;  ///< to_ms beyond the venue's present means: up to now
};

struct FetchParams {
    std::vector<FetchOrder> orders;  ///< all of one site
    std::filesystem::path directory;
    std::string program;
    OnConflict on_conflict = OnConflict::keep;
    std::uint32_t attempts = 8;  ///< for one request
    std::uint32_t requests_per_second = 10;
    Nanos longest_wait = std::chrono::minutes{11};  ///< a venue that wants more ends the run
};

enum class FetchState : std::uint8_t { waiting, checking, fetching, done, failed };

/// Where one series stands.
struct FetchProgress {
    Series series;
    FetchState state = FetchState::waiting;
    std::string problem;         ///< of failed: what, and what to do
    std::int64_t wanted_ms = 0;  ///< time that this run has to ask for, known while fetching
    std::int64_t left_ms = 0;
    std::uint64_t requests = 0;
    std::uint64_t venue_rows = 0;  ///< rows that the venue sent
    StoreReport stored;
    std::uint64_t left_out = 0;   ///< turnovers of more than 18 digits
    std::uint64_t cut_bytes = 0;  ///< a torn tail that the opening cut off
    std::optional<std::int64_t>
        reaches_from_ms;  ///< the venue keeps no older rows than this, and more were asked for
};

/// Downloads histories of one site: asks the venue's time, checks that the symbols exist, then pages, up to three
/// series at once. It does no network itself: actions go out, replies come in, in a run as in a test. Each page is on
/// disk before the next one of its series is asked for, so a run that is killed goes on where it stopped.
///
/// Bars that were not over when the run began are not asked for. A request that fails is asked again with growing
/// waits or when the venue says; a series that cannot go on fails with the reason and the others go on.
class Fetch {
public:
    /// in: orders with symbols and kinds that exchange::history_terms allows (else that series fails)
    explicit Fetch(FetchParams params);
    ~Fetch();

    /// The first requests. Where another run on the same folder fetches from this site, all series fail at once: two
    /// of them would share neither their budget nor what they learn of it.
    void start(Timestamp now, exchange::Output& out);
    /// The answer to one of the requests.
    void reply(const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    [[nodiscard]] bool is_done() const;
    [[nodiscard]] const std::vector<FetchProgress>& progress() const { return progress_; }
    /// What the venue lists, as far as it was asked.
    [[nodiscard]] const std::vector<market::Instrument>& catalogue() const { return catalogue_; }
    /// What the run as a whole waits for, empty while it goes on: "bybit 10006 ... (rate: wait), 4 s".
    [[nodiscard]] const std::string& waiting_for() const { return waiting_for_; }

private:
    enum class Question : std::uint8_t { time, catalogue, page };
    struct Flight {
        Question question = Question::time;
        std::size_t order = 0;  // of a page, and of a catalogue that is asked for each symbol
        std::string target;
        std::uint32_t weight = 1;
        std::uint32_t attempt = 0;
        std::optional<exchange::HistoryPage> page;
    };
    struct Work;

    void take(const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    void ask(Flight flight, Timestamp not_before, exchange::Output& out);
    void ask_again(Flight flight, const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    void take_time(const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    void take_catalogue(const Flight& flight, const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    void take_page(const Flight& flight, const exchange::HttpReply& reply, Timestamp now, exchange::Output& out);
    void ask_catalogue(std::size_t order, const std::string& cursor, Timestamp now, exchange::Output& out);
    void start_series(Timestamp now, exchange::Output& out);
    void open_series(std::size_t order, const market::Instrument& instrument, Timestamp now, exchange::Output& out);
    void ask_page(std::size_t order, Timestamp now, exchange::Output& out);
    void fail_series(std::size_t order, std::string problem);
    void fail_all(const std::string& problem);
    void fail_flight(const Flight& flight, const std::string& problem);
    [[nodiscard]] exchange::Site site() const { return site_; }

    FetchParams params_;
    exchange::Site site_ = exchange::Site::bybit;
    std::optional<storage::AppendFile> lock_;  ///< held until all series have ended
    std::vector<FetchProgress> progress_;
    std::vector<std::unique_ptr<Work>> work_;
    std::vector<market::Instrument> catalogue_;
    bool is_catalogue_whole_ = false;
    std::map<exchange::RequestId, Flight> flights_;
    std::uint64_t next_request_ = 1;
    Timestamp next_slot_;
    std::int64_t server_now_ms_ = 0;
    std::string waiting_for_;
    exchange::HistoryCodec codec_;
    exchange::bybit::RestCodec bybit_;
    exchange::binance::RestCodec binance_;
};

}  // namespace vt::history
