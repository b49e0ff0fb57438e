#include "demo/journal_recording.hpp"

#include "demo/roster.hpp"
#include "exchange/binance/replay_feed.hpp"
#include "storage/bundled_recording.hpp"

#include <vector>

namespace vt::demo {
namespace {

/// "BTCUSDT" as streams write it: "btcusdt".
std::string in_lower_case(std::string_view symbol) {
    std::string lower(symbol);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

Result<void> add(RecordingBuilder& builder, const engine::Event& event, std::vector<std::string>& listed) {
    if (const auto* listing = std::get_if<engine::ListInstrument>(&event.body)) {
        listed.push_back(in_lower_case(listing->instrument.symbol));  // instruments are numbered in this order
    } else if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) {
        return builder.add_frame(event.at, frame->text);
    } else if (const auto* replied = std::get_if<engine::Replied>(&event.body)) {
        const std::size_t index = exchange::binance::snapshot_instrument(replied->reply.request).value();
        if (replied->reply.status != 200) return {};
        if (index >= listed.size())
            return fail(Errc::malformed, "a depth snapshot of an instrument that is not listed");
        return builder.add_snapshot(listed[index], event.at, replied->reply.body);
    }
    return {};
}

Result<std::shared_ptr<const Recording>> shared(Result<storage::JournalReader> journal) {
    if (!journal) return tl::unexpected<Error>(std::move(journal.error()));
    VT_TRY(Recording recording, read_recording(*journal));
    return std::make_shared<const Recording>(std::move(recording));
}

}  // namespace

Result<Recording> read_recording(storage::JournalReader& journal) {
    RecordingBuilder builder(recorded_as());
    std::vector<std::string> listed;
    engine::Event event;
    for (;;) {
        switch (journal.next(event)) {
            case storage::ReadOutcome::end: return builder.build();
            case storage::ReadOutcome::loss: return fail(Errc::corrupt, journal.loss().text());
            case storage::ReadOutcome::event:
                if (auto done = add(builder, event, listed); !done) {
                    return fail(done.error().code, std::string("input ")
                                                       .append(std::to_string(event.sequence))
                                                       .append(": ")
                                                       .append(done.error().what));
                }
        }
    }
}

Result<std::shared_ptr<const Recording>> bundled_recording() {
    return shared(storage::JournalReader::open_memory(storage::bundled_recording(),
                                                      std::string(storage::kBundledRecordingName)));
}

Result<std::shared_ptr<const Recording>> open_recording(const std::filesystem::path& path) {
    return shared(storage::JournalReader::open(path));
}

}  // namespace vt::demo
