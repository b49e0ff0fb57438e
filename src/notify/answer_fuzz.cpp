#include "base/assert.hpp"
#include "notify/answer.hpp"
#include "notify/inert_text.hpp"

#include <algorithm>
#include <cstdint>

/// Any answer of any service: the first byte is the kind, the next two the status, then a header up to LF, then
/// the body. Whatever it is, the outcome is one that the outbox can keep.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::notify;
    if (size < 3) return 0;
    const auto kind = static_cast<ChannelKind>(data[0] % 3);
    const int status = 100 + (data[1] * 256 + data[2]) % 500;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
    const std::size_t line = std::min(rest.find('\n'), rest.size());
    const std::string value(rest.substr(0, line));
    vt::net::HttpResponse response{
        .status = status,
        .headers = {{"Retry-After", value}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", value}},
        .body = std::string(rest.substr(std::min(line + 1, rest.size())))};
    const Outcome outcome = read_answer(kind, response);
    if (outcome.wait) VT_ASSERT(*outcome.wait >= vt::Nanos{0} && *outcome.wait <= kWaitMax);
    VT_ASSERT(inert_line(outcome.receipt) == outcome.receipt && outcome.receipt.size() <= 128);
    VT_ASSERT(outcome.problem.size() < 2000 && inert_line(outcome.problem) == outcome.problem);
    VT_ASSERT((outcome.fate == Fate::delivered) == outcome.problem.empty());
    VT_ASSERT(outcome.fate != Fate::delivered || !outcome.may_have_arrived);
    const auto said = static_cast<int>(data[1]) * 4;
    VT_ASSERT(read_mail_reply(said, rest, false).fate != Fate::delivered);
    return 0;
}
