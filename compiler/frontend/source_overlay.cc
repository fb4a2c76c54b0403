#include "compiler/frontend/source_overlay.h"

#include <utility>

namespace ray::compiler {
namespace {

namespace vfs = llvm::vfs;

// A file whose content is in memory, with the status of the one on disk but for the size.
class MemoryFile : public vfs::File {
 public:
  MemoryFile(vfs::Status status, std::unique_ptr<llvm::MemoryBuffer> buffer)
      : status_(std::move(status)), buffer_(std::move(buffer)) {}

  llvm::ErrorOr<vfs::Status> status() override { return status_; }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine&, std::int64_t,
                                                               bool, bool) override {
    if (buffer_ == nullptr) return std::make_error_code(std::errc::bad_file_descriptor);
    return std::move(buffer_);
  }
  std::error_code close() override { return {}; }

 private:
  vfs::Status status_;
  std::unique_ptr<llvm::MemoryBuffer> buffer_;
};

std::unique_ptr<vfs::File> memory_file(const vfs::Status& status, llvm::StringRef text,
                                       llvm::StringRef path) {
  return std::make_unique<MemoryFile>(vfs::Status::copyWithNewSize(status, text.size()),
                                      llvm::MemoryBuffer::getMemBufferCopy(text, path));
}

// Nobody includes one: it is read only to show a line of it.
bool is_module_interface(llvm::StringRef path) {
  constexpr llvm::StringRef kEndings[] = {".cppm", ".ccm", ".cxxm", ".c++m", ".ixx"};
  return llvm::any_of(kEndings, [&](llvm::StringRef ending) { return path.ends_with(ending); });
}

}  // namespace

const SplitFile& SourceOverlay::split(const std::string& path, std::string text, bool has_head) {
  return split_.try_emplace(path, split_file(path, std::move(text), has_head)).first->second;
}

const SplitFile* SourceOverlay::find_split(const std::string& path) const {
  const auto found = split_.find(path);
  return found == split_.end() ? nullptr : &found->second;
}

const std::string& SourceOverlay::rest_of(const SplitFile& file) const {
  const auto found = replaced_.find(file.rest_path);
  return found == replaced_.end() ? file.rest.text : found->second;
}

const std::string* SourceOverlay::text_of(const std::string& path, llvm::StringRef text) {
  if (const auto found = replaced_.find(path); found != replaced_.end()) return &found->second;
  if (const SplitFile* file = find_split(path)) return &file->head;
  MaskedSource masked;
  if (may_be_annotated(text)) masked = mask_options(text);
  const bool wants_split = splits_annotated_ && !is_module_interface(path) &&
                           (masked.is_annotated() || may_call_remotely(text));
  if (splits_ && (wants_split || always_split_.count(path) != 0)) {
    return &split(path, text.str()).head;
  }
  if (!masked.is_annotated()) return nullptr;
  AnnotatedFile& kept = annotated_[path];
  kept = {text.str(), std::move(masked)};
  return &kept.masked.text;
}

// The size that is told has to be that of what is read; of what was never opened, that on disk.
llvm::ErrorOr<vfs::Status> SourceOverlay::status(const llvm::Twine& twine) {
  const std::string path = twine.str();
  auto status = ProxyFileSystem::status(path);
  if (!status) return status;
  if (const auto found = replaced_.find(path); found != replaced_.end()) {
    return vfs::Status::copyWithNewSize(*status, found->second.size());
  }
  if (const SplitFile* file = find_split(path)) {
    return vfs::Status::copyWithNewSize(*status, file->head.size());
  }
  return status;
}

llvm::ErrorOr<std::unique_ptr<vfs::File>> SourceOverlay::openFileForRead(const llvm::Twine& twine) {
  const std::string path = twine.str();
  auto file = ProxyFileSystem::openFileForRead(path);
  if (!file) return file;
  auto status = (*file)->status();
  if (!status || !status->isRegularFile()) return file;
  auto buffer = (*file)->getBuffer(path);
  if (!buffer) return buffer.getError();
  has_seen_library_ |= llvm::StringRef(path).ends_with("ray/ray.h");
  if (const std::string* text = text_of(path, (*buffer)->getBuffer())) {
    return memory_file(*status, *text, path);
  }
  return std::unique_ptr<vfs::File>(new MemoryFile(*status, std::move(*buffer)));
}

}  // namespace ray::compiler
