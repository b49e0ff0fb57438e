#include "influx/writer.hpp"

#include "base/percent_encoding.hpp"
#include "net/basic_login.hpp"
#include "net/gzip.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"
#include "obs/log.hpp"

#include <algorithm>
#include <utility>

namespace vt::influx {
namespace {

/// The address that batches are posted to.
Result<std::string> write_address(const WriterParams& params) {
    const Result<net::Url> url = net::parse_url(params.url);
    if (!url || (url->scheme != "http" && url->scheme != "https"))
        return fail(Errc::configuration, "INFLUXDB_URL is http://host:8086 or https://host without a user, not '" +
                                             net::without_password(params.url) + "'");
    if (params.bucket.empty())
        return fail(Errc::configuration,
                    "INFLUXDB_BUCKET is not set: the bucket, or the database of a server of "
                    "version 1, that the series go to");
    std::string base = params.url;
    while (base.ends_with('/')) base.pop_back();
    if (params.version == Version::v2) {
        return base + "/api/v2/write?org=" + percent_encoded(params.org) +
               "&bucket=" + percent_encoded(params.bucket) + "&precision=ns";
    }
    const std::size_t slash = params.bucket.find('/');
    std::string address = base + "/write?db=" + percent_encoded(params.bucket.substr(0, slash)) + "&precision=ns";
    if (slash != std::string::npos) address += "&rp=" + percent_encoded(params.bucket.substr(slash + 1));
    return address;
}

std::vector<net::HttpHeader> headers_of(const WriterParams& params) {
    std::vector<net::HttpHeader> headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    if (params.token.empty()) return headers;
    headers.push_back(
        {"Authorization", params.version == Version::v2 ? "Token " + params.token : net::basic_login(params.token)});
    return headers;
}

}  // namespace

Result<net::HttpCall> empty_write(const WriterParams& params) {
    VT_TRY(std::string address, write_address(params));
    return net::HttpCall{.url = std::move(address),
                         .method = net::Method::post,
                         .headers = headers_of(params),
                         .timeout = params.timeout,
                         .max_body_bytes = std::size_t{64} << 10U};
}

Result<std::unique_ptr<Writer>> Writer::make(net::Loop& loop, WriterParams params) {
    VT_TRY(std::string address, write_address(params));
    VT_TRY(BatchSpool spool, BatchSpool::open(params.spool_folder, params.spool_bytes_max));
    std::unique_ptr<Writer> writer(new Writer(loop, std::move(params), std::move(spool)));
    writer->address_ = std::move(address);
    return writer;
}

Writer::Writer(net::Loop& loop, WriterParams params, BatchSpool spool)
    : loop_(loop),
      params_(std::move(params)),
      spool_(std::move(spool)),
      http_(loop, params_.http),
      retry_after_(params_.retry_first) {
    stats_.spooled_lines = spool_.lines();
    stats_.spooled_bytes = spool_.bytes();
}

Writer::~Writer() {
    loop_.cancel(turn_timer_);
    loop_.cancel(retry_timer_);
}

bool Writer::offer(const LineWriter& lines) {
    const std::lock_guard lock(mutex_);
    stats_.offered_lines += lines.lines();
    if (buffer_.size() + lines.text().size() > params_.buffer_bytes_max) {
        stats_.dropped_lines += lines.lines();
        return false;
    }
    buffer_ += lines.text();
    buffered_lines_ += lines.lines();
    return true;
}

void Writer::start() { turn(); }

void Writer::turn() {
    flush();
    turn_timer_ = loop_.after(params_.batch_age, [this] { turn(); });
}

void Writer::flush() {
    std::string text;
    {
        const std::lock_guard lock(mutex_);
        text.swap(buffer_);
        buffered_lines_ = 0;
    }
    std::string_view rest(text);
    while (!rest.empty()) {
        std::size_t size = std::min(rest.size(), params_.batch_bytes);
        const std::size_t line_end = rest.rfind('\n', size - 1);
        size = line_end == std::string_view::npos ? rest.find('\n') + 1 : line_end + 1;
        const std::string_view batch = rest.substr(0, size);
        rest.remove_prefix(size);
        const auto lines = static_cast<std::uint64_t>(std::count(batch.begin(), batch.end(), '\n'));
        const Result<std::uint64_t> pushed = spool_.push(net::gzipped(batch), lines, is_sending_);
        if (pushed) {
            count(&WriterStats::dropped_lines, *pushed);
        } else {
            count(&WriterStats::dropped_lines, lines);
            show(pushed.error().what);
        }
    }
    send_front();
}

void Writer::send_front() {
    if (is_sending_ || is_waiting_ || spool_.front() == nullptr) return;
    Result<std::string> gzip = spool_.read_front();
    if (!gzip) {
        const std::uint64_t lines = spool_.front()->lines;
        spool_.pop();
        count(&WriterStats::dropped_lines, lines);
        show(gzip.error().what);
        return;  // the next turn takes the next
    }
    is_sending_ = true;
    std::vector<net::HttpHeader> headers = headers_of(params_);
    headers.push_back({"Content-Encoding", "gzip"});
    net::HttpCall call{.url = address_,
                       .method = net::Method::post,
                       .headers = std::move(headers),
                       .body = std::move(*gzip),
                       .timeout = params_.timeout,
                       .max_body_bytes = std::size_t{64} << 10U};
    http_.send(std::move(call), [this](const Result<net::HttpResponse>& answer) {
        is_sending_ = false;
        take(answer);
        send_front();
    });
}

void Writer::take(const Result<net::HttpResponse>& answer) {
    const Verdict verdict = judge(answer);
    const std::uint64_t lines = spool_.front()->lines;
    const std::uint64_t refused = std::min(lines, verdict.refused_lines.value_or(lines));
    switch (verdict.fate) {
        case Fate::stored:
            count(&WriterStats::stored_lines, lines);
            count(&WriterStats::batches, 1);
            break;
        case Fate::partly:
        case Fate::refused:
            obs::log_warning("influx", verdict.problem);
            count(&WriterStats::refused_lines, verdict.fate == Fate::partly ? refused : lines);
            count(&WriterStats::stored_lines, verdict.fate == Fate::partly ? lines - refused : 0);
            break;
        case Fate::too_large:
            if (const Result<void> split = spool_.split_front(); !split) {
                obs::log_warning("influx", verdict.problem + "; " + split.error().what);
                count(&WriterStats::refused_lines, lines);
                break;
            }
            return;
        case Fate::later:
        case Fate::locked:
            count(&WriterStats::failures, 1);
            show(verdict.problem);
            wait_for(verdict.fate == Fate::locked ? params_.locked_wait : verdict.wait);
            return;
    }
    spool_.pop();
    retry_after_ = params_.retry_first;
    show({});
}

void Writer::wait_for(std::optional<Nanos> asked) {
    const Nanos wait = asked.value_or(retry_after_);
    retry_after_ = std::min(retry_after_ * 2, params_.retry_max);
    is_waiting_ = true;
    retry_timer_ = loop_.after(wait, [this] {
        is_waiting_ = false;
        send_front();
    });
}

void Writer::show(const std::string& problem) {
    const std::lock_guard lock(mutex_);
    if (!problem.empty() && problem != stats_.problem) obs::log_warning("influx", problem);
    stats_.problem = problem;
    stats_.spooled_lines = spool_.lines();
    stats_.spooled_bytes = spool_.bytes();
}

void Writer::count(std::uint64_t WriterStats::* counter, std::uint64_t lines) {
    const std::lock_guard lock(mutex_);
    stats_.*counter += lines;
    stats_.spooled_lines = spool_.lines();
    stats_.spooled_bytes = spool_.bytes();
}

WriterStats Writer::stats() const {
    const std::lock_guard lock(mutex_);
    WriterStats stats = stats_;
    stats.buffered_bytes = buffer_.size();
    return stats;
}

}  // namespace vt::influx
