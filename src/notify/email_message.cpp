#include "base/digest.hpp"
#include "notify/alert_text.hpp"
#include "notify/base64.hpp"
#include "notify/inert_text.hpp"
#include "notify/message.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vt::notify {
namespace {

constexpr std::size_t kSubjectUnits = 150;
constexpr std::size_t kWordBytes = 39;  // of text in one encoded word: a line of a header has 76 characters at most

/// An unstructured header's text as RFC 2047 words: whatever it holds, no line of it ends the header.
std::string encoded_words(std::string_view text) {
    std::string words;
    while (!text.empty()) {
        std::size_t size = std::min(kWordBytes, text.size());
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
        words += words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?";
        words += base64(text.substr(0, size)) + "?=";
        text.remove_prefix(size);
    }
    return words;
}

/// "Fri, 24 Jul 2026 09:05:03 +0000"
std::string mail_date(Timestamp at) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at - day).count();
    char text[64];
    const int size = std::snprintf(text, sizeof(text), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                                   kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                                   kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                                   static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                                   static_cast<int>(seconds % 60));
    return {text, static_cast<std::size_t>(size)};
}

std::string plain_text(const alerts::Alert& alert) {
    std::string text = headline(alert) + "\n" + utc_text(alert.at) + "\n";
    if (const std::string said = words(alert); !said.empty()) text += "\n" + said + "\n";
    if (const auto lines = score_lines(alert); !lines.empty()) {
        text += "\n";
        for (const std::string& line : lines) text += line + "\n";
    }
    if (const auto list = facts(alert); !list.empty()) {
        text += "\n";
        for (const Fact& fact : list) text += fact.name + ": " + fact.text + "\n";
    }
    return text + "\n" + reference(alert) + "\n";
}

std::string with_crlf(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

}  // namespace

std::string email_message(const alerts::Alert& alert, std::span<const Attachment> attachments,
                          const EmailTarget& target, Timestamp now) {
    const std::string domain = target.from.substr(target.from.find('@') + 1);
    const std::string subject = "[Virtuoso] " + std::string(name(alert.severity)) + ": " +
                                written(headline(alert), Markup::none, kSubjectUnits);
    std::string to;
    for (const std::string& each : target.to) to += (to.empty() ? "" : ",\r\n ") + each;
    std::string mail =
        "From: Virtuoso <" + target.from + ">\r\nTo: " + to + "\r\nSubject: " + encoded_words(subject) +
        "\r\nDate: " + mail_date(now) + "\r\nMessage-ID: <alert-" + safe_id(alert) + "@" + domain +
        ">\r\nAuto-Submitted: auto-generated\r\nX-Virtuoso-Alert: " + safe_id(alert) + "\r\nMIME-Version: 1.0\r\n";
    const std::string text = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                             base64_lines(with_crlf(plain_text(alert)));
    if (attachments.empty()) return mail + text;
    Digest digest;  // base64 and the headers above hold no "--": no part can hold the boundary
    digest.update(text);
    const std::string boundary = "virtuoso-" + digest.hex().substr(0, 40);
    mail += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n" + text;
    for (const Attachment& each : attachments) {
        mail += "--" + boundary + "\r\nContent-Type: " + each.content_type + "; name=\"" + each.name +
                "\"\r\nContent-Disposition: " + (each.is_image() ? "inline" : "attachment") + "; filename=\"" +
                each.name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64_lines(each.bytes);
    }
    return mail + "--" + boundary + "--\r\n";
}

}  // namespace vt::notify
